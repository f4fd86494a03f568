import type { LexiconSource } from '../lexicon.ts';

/** English. Short or ambiguous words are written out in full: "park*" would take "parking" along. */
export const english: LexiconSource = {
  language: 'en',
  support: 'measured',
  suffixLength: () => 4,
  elisions: '',
  abbreviations: `mr mrs ms messrs dr prof rev st sr jr capt col gen lt maj sgt hon esq mt vs viz cf
    e.g i.e a.m p.m m.d d.d u.s no`,
  except: `hutch roomful towering towered streamed streaming fielding lakeside gatekeeper
    hallow hallowed farmer farmers passages shadowy boarder boarders`,

  place: `house* mansion* cottage* castle* palace* tower* church* chapel* cathedral* abbey* temple*
    hut huts cabin* room* chamber* hall halls hallway* corridor* passage* parlour* parlor*
    drawingroom kitchen* bedroom* library libraries cellar* vault* attic* garret* stair* doorway* door
    doors threshold* gate gates gateway* window* wall walls walled ceiling* floor floors roof* chimney*
    hearth* fireplace* balcon* terrace* porch* veranda* courtyard* yard yards garden gardens park parks
    lawn* orchard* hedge* fence* field fields meadow* pasture* farm farms farmhouse* barn barns
    stable stables village* town towns city cities street streets lane lanes alley* road roads roadside
    square squares bridge* quay* harbour* harbor* port ports dock docks wharf* pier piers shore* beach
    beaches coast* cliff* cave caves cavern* hill hills hillside* valley* mountain* rock rocks ridge*
    slope slopes plain plains moor moors moorland* heath heaths marsh* swamp* forest* wood woods
    woodland* grove* thicket* jungle* tree trees bush bushes grass* shrub* ivy river* stream streams brook
    brooks lake* pond* pool pools waterfall* sea seas ocean* island* islet* isle isles bay bays desert deserts
    path paths pathway* avenue* cemetery churchyard* tomb* grave graves prison prisons cell cells
    dungeon* inn inns tavern* shop shops warehouse* factory factories market* theatre* horizon*
    landscape* ruin ruins column columns pillar* arch arches fountain* well-side deck decks`,

  body: `face faces faced forehead* brow brows eyebrow* eye eyes eyed eyelid* eyelash* nose noses cheek*
    chin chins lip lips mouth mouths teeth tooth jaw jaws ear ears hair hairs haired hairy neck necks
    throat* shoulder* arm arms hand hands finger* wrist* chest breast* waist* limb limbs leg legs
    figure figures stature* complexion* skin skins beard* moustache* mustache* whisker* wrinkle*
    freckle* scar scars scarred curls ringlet* tresses profile countenance* features visage* physique
    dress dresses dressed gown* coat coats cloak* mantle mantles jacket* waistcoat* shirt shirts
    trousers breeches stocking* boot boots shoe shoes hat hats cap caps bonnet* veil veils veiled
    glove gloves gloved shawl* scarf* apron* skirt skirts lace silk* velvet* ribbon* collar* sleeve*
    spectacles robe robes uniform uniforms wig wigs rags tattoo*`,

  atmosphere: `light lights lit sunlight moonlight* daylight twilight* starlight candlelight
    lamplight glow* gleam* glimmer* glitter* shimmer* sparkl* shone shining rays beams dark darkness
    dim dimly dimness gloom* shadow* shade shades shady dusk* dawn dawning sunset* sunrise* sunshine
    sun moon stars star sky skies cloud* mist mists misty fog fogs foggy haze hazy rain rains rainy
    raining snow snows snowy frost* ice icy storm* thunder* lightning wind winds windy breeze* gust
    gusts air cold chill chilly warm warmth heat silence silent silently stillness hush hushed quiet
    sound sounds noise* murmur* rustl* smell smells odour* odor* scent* perfume* fragran* aroma*
    smoke smoky dust dusty damp* echo* colour* color* flame* fire fires firelight blaze* blazing tint*
    hue hues summer autumn winter foam* night nights midnight`,

  object: `table tables chair chairs armchair* sofa* couch* bed beds bench* desk* cupboard* cabinet*
    shelf shelves mirror* curtain* carpet* rug rugs tapestr* furniture lamp lamps lantern* candle*
    chandelier* clock clocks picture pictures portrait* painting* statue* vase* bottle* cup cups
    goblet* glass glasses plate plates dish dishes basket* box boxes casket* trunk* bag bags sack*
    barrel* cask casks sword* dagger* knife knives pistol* gun guns rifle* musket* spear* shield shields
    armour* helmet* axe axes cannon* letter letters book books volumes paper papers parchment* map
    maps key keys necklace* bracelet* brooch* jewel* crown crowns coin coins carriage* coach* cart
    carts wagon* waggon* ship ships boat boats mast masts anchor* rope ropes chain chains wheel*
    flower* rose roses petal* blossom* bell bells flag flags saddle* whip whips stick sticks cane
    canes umbrella* piano* violin* machine* instrument* engine engines pillow* cushion* stove*
    screen screens`,

  quality: `white* black blacker red reddish blue bluish green greenish grey* gray* brown* yellow*
    golden purple crimson scarlet pink rosy pale paler silver* violet ruddy dusky big huge* vast*
    immense* enormous* great large larger small smaller little tiny tall taller long low lower high
    higher lofty narrow* broad* wide wider thick* thin thinner slender* slim lean gaunt* stout* plump*
    massive* round rounded square flat steep* straight crooked* curv* bent twisted old older ancient*
    antique* worn faded rust rusty moss mossy crumbl* ruined ruinous broken young beautiful* pretty
    handsome* lovely ugly hideous* delicate* graceful* elegant* exquisite* bright* brilliant* dazzl*
    lustrous* glossy polished smooth* rough* coarse* soft* hollow* bare bleak* barren* desolate* dreary
    dismal* clean dirty filthy grimy shabby neat neatly wooden marble* brick* gilt gilded carved
    painted thatched panelled paneled leafy grassy stony sandy deep deeper heavy wet dry sharp pointed
    empty deserted lonely withered wrinkled tangled strange splendid* magnificent* rich* dull* clear
    transparent naked fair slight* sunken swollen dainty dotted striped embroidered fine pure ragged`,

  spatial: `above below beneath under beyond behind beside along across around round against between
    among amid amidst near opposite overhead underneath within inside outside front corner* middle
    centre* center* edge edges side sides top bottom distance distant left right upper end ends
    background everywhere`,

  stative: `was were stood stand stands standing lay lies lying hung hang hanging loom* stretch*
    extend* spread spreading wore wears wearing worn surround* overlook* contain* consist* covered
    covering rested leaned leaning seemed resembl* slop* lined rose rising clad ran wound flow* filled
    crowded furnished built adorn*`,

  speech: `said say says saying asked ask answered replied cried exclaimed told tell shouted
    whispered muttered inquired enquired remarked repeated demanded returned`,

  mental: `think thinks thinking thought thoughts reason* believ* know knew opinion* idea* remember*
    question* doubt* suppos* hope* consider* decid* resolv* understand* understood wish* intend*
    explain* therefore`,

  person: `you your yours my me mine myself our us i we thou thy`,
};
