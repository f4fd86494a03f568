import type { LexiconSource } from '../lexicon.ts';

/** English. Short or ambiguous words are written out in full: "park*" would take "parking" along. */
export const english: LexiconSource = {
  language: 'en',
  support: 'measured',
  suffixLength: () => 4,
  elisions: '',
  abbreviations: `mr mrs ms messrs dr prof rev st sr jr capt col gen lt maj sgt hon esq mt vs viz
    cf e.g i.e a.m p.m m.d d.d u.s no`,
  except: `housewife housed chamberlain chambermaid churchman cellars villager villagers towering
    towered passages horizontal coasting coaster forestall forester grovel groveled groveling
    grovelled marshal marshall harboured harbored shored cheeky countenanced breasting shouldering
    fingering waistband breastwork noiseless echoed murmured thundered perfumer stormed storming
    coachman wagoner wagoners armoury jeweller cannonade musketry musketeers instrumental
    machinery anchorite couched sacking rifled gauntlet gauntlets steeped richer riches richest
    richly narrowly thicken roughly stoutly vastly hugely immensely enormously slighted slighting
    handsomely plumped flower flowers flowery flowered flown consistent consistency overlook
    stretcher desolated doubtless considerable considerably considerate ideal ideals ideality
    opinioned reasonable reasoner reasoners exquisitely splendidly castled stairwell`,

  place: `house* mansion* cottage* castle* palace* tower* steeple* church* chapel* cathedral*
    abbey* temple temples monument* building buildings hut huts shed sheds cabin cabins tent tents
    room rooms roomy chamber* hall halls hallway* corridor* passage* parlour* parlor* kitchen*
    bedroom* study library libraries cellar* vault* attic* garret* stair* step steps doorway* door
    doors threshold* gate gates gateway* railing* window* pane panes wall walls walled ceiling*
    floor floors roof* chimney* hearth* fireplace* mantelpiece balcon* terrace* porch* veranda*
    courtyard* yard yards garden gardens park parks lawn* orchard* vineyard* hedge* fence* field
    fields meadow* pasture* farm farms farmhouse* barn barns stable stables village* town towns
    city cities suburb* street streets lane lanes alley* road roads roadside highway* pavement*
    square squares bridge* quay* harbour* harbor* port ports dock docks wharf* pier piers
    lighthouse* shore* beach beaches sand sands coast* cliff* precipice* cave caves cavern* hill
    hills hillside* hilltop* valley* ravine* gorge* mountain* rock rocks stone stones boulder*
    pebble* ridge* slope slopes summit* plain plains moor moors moorland* heath heather marsh*
    swamp* bog mud forest* wood woods woodland* grove* thicket* jungle* tree trees bush bushes
    grass* shrub* ivy oak oaks elm elms pine pines birch* beech* willow* poplar* trunks bough
    boughs foliage weeds reeds river* stream streams brook lake lakes pond ponds pool pools
    waterfall* torrent* sea seas ocean* wave waves island islands islet* isle isles bay bays
    desert deserts path paths pathway* avenue* churchyard* cemetery tomb* graves graveyard* prison
    prisons cell cells dungeon* inn inns tavern* shop shops warehouse* factory factories mill
    mills market markets marketplace theatre* horizon* landscape* ruin ruins column columns
    pillar* arch arches archway* fountain* deck decks corner corners nook*`,

  body: `face faces faced forehead* brow brows eyebrow* eye eyes eyed eyelid* eyelash* nose noses
    nostril* cheek* chin chins lip lips mouth mouths teeth tooth jaw jaws ear ears hair hairs
    haired hairy bald neck necks throat* shoulder* bosom* arm arms hand hands finger* wrist* fist
    fists chest breast* waist* limb limbs leg legs foot feet knee knees figure figures stature*
    complexion* skin skins beard* moustache* mustache* whisker* wrinkle* dimple* freckle* scar
    scars scarred curls ringlet* tresses pigtail profile countenance* features visage* dress
    dresses dressed gown* coat coats cloak* mantle jacket* waistcoat* shirt shirts trousers
    breeches stocking* boot boots shoe shoes hat hats cap caps bonnet* veil veils veiled glove
    gloves gloved shawl* scarf* apron* skirt* lace silk* satin* velvet* linen ribbon* collar*
    cravat* sleeve* button buttons spectacles robe robes uniform uniforms wig wigs rags clothes
    garment* tattoo*`,

  atmosphere: `light lights lit sunlight moonlight* daylight twilight* starlight candlelight
    lamplight firelight glow* gleam* glimmer* glitter* glare* shimmer* sparkl* shone shining rays
    beams dark darkness darkened dim dimly dimness gloom* shadow* shade shades shady dusk* dawn
    dawning sunset* sunrise* sunshine sun moon stars star sky skies cloud* mist mists misty fog
    fogs foggy haze hazy vapour* rain rains rainy raining drizzl* hail snow snows snowy frost* ice
    icy storm* thunder* lightning wind winds windy breeze* gust gusts air cold chill chilly warm
    warmth heat silence silent silently stillness hush hushed quiet sound sounds noise* murmur*
    rustl* smell smells odour* odor* scent* perfume* fragran* aroma* smoke smoky dust dusty damp*
    echo* colour* color* flame* fire fires blaze* blazing tint* hue hues summer autumn winter
    foam* spray night nights midnight`,

  object: `table tables chair chairs armchair* sofa* couch* divan* bed beds bedstead* bench* desk*
    cupboard* cabinet* shelf shelves mirror* curtain* carpet* rug rugs tapestr* furniture lamp
    lamps lantern* candle* candlestick* chandelier* clock clocks picture pictures portrait*
    painting* canvas statue* vase* bottle* cup cups goblet* glass glasses plate plates dish dishes
    basket* box boxes casket* trunk bag bags sack* barrel* cask casks sword* dagger* knife knives
    blade* pistol* gun guns rifle* musket* spear* shield shields armour* helmet* axe axes cannon*
    letter letters book books volumes paper papers parchment* map maps key keys necklace*
    bracelet* brooch* jewel* crown crowns coin coins carriage* coach* cart carts wagon* waggon*
    ship ships boat boats mast masts sails anchor* rope ropes chain chains wheel* flower flowers
    rose roses lilac* petal* blossom* bell bells flag flags saddle* whip whips stick sticks cane
    canes umbrella* piano* violin* machine* instrument* engine engines pillow* cushion* stove*
    screen screens crystal ivory brass pipe pipes toy toys ring rings tool tools`,

  quality: `white* black blacker blackened red reddish blue bluish green greenish grey* gray*
    brown brownish yellow* golden purple crimson scarlet pink rosy pale paler pallid silver*
    violet ruddy dusky orange livid swarthy flaxen big huge* vast* immense* enormous* colossal
    gigantic great large larger small smaller little tiny tall taller long low lower high higher
    lofty narrow* broad broader wide wider thick* thin thinner slender* slim lean gaunt* haggard
    stout* plump* bony massive* rounded square flat steep* straight crooked* curv* arched slanting
    bent twist* stooping old older ancient* antique* worn faded tattered rust rusty moss mossy
    overgrown crumbl* decayed ruined ruinous broken younger youthful beautiful* pretty handsome*
    lovely ugly hideous* ghastly grim delicate* graceful* elegant* exquisite* bright* brilliant
    dazzl* lustrous* glossy polished smooth* rough* coarse* soft* hollow* bare bleak* barren*
    desolate* dreary dismal* melancholy clean dirty filthy grimy soiled shabby neat neatly wooden
    oaken marble* brick* gilt gilded carved painted thatched paved panelled leafy grassy stony
    sandy rocky muddy deep deeper heavy wet dry sharp pointed ragged empty deserted lonely
    withered wrinkled tangled disordered splendid* magnificent* rich* dull* faint faintly
    transparent naked fair slight* sunken swollen dainty dotted striped embroidered pure stained
    shaggy dense luxuriant hot misshapen`,

  spatial: `above below beneath under beyond behind beside along across around round against
    between among amid amidst near opposite overhead underneath within inside outside front middle
    centre* center* edge edges side sides top bottom distance distant far upper end ends
    background everywhere`,

  stative: `was were stood stand stands standing lay lies lying hung hang hanging loom* stretch*
    extend* spread spreading wore wears wearing surround* overlook* contain* consist* covered
    covering rested leaned leaning seemed resembl* slop* lined rose rising clad ran wound flow*
    filled crowded furnished built adorn* looked`,

  event: `went came took threw turned walked stepped pulled pushed caught seized put gave got
    began sprang jumped rushed hurried entered reached followed started stopped drew opened closed
    shut struck flung dropped lifted raised shook nodded fell bowed kissed bent laughed smiled
    cried ran fled leapt leaped crept brought carried sent left met found lost broke tore hit
    fired killed snatched touched clutched grasped`,

  speech: `said say says saying asked ask answered answer replied reply cried exclaimed told tell
    shouted whispered muttered inquired enquired remarked repeated demanded returned declared`,

  mental: `think thinks thinking thought thoughts reason* believ* know knew knows known opinion*
    idea* remember* question* doubt* suppos* hope* consider* decid* resolv* understand* understood
    wish* intend* explain* therefore must should whether because feelings`,

  person: `you your yours thou thy thee shall`,
};
