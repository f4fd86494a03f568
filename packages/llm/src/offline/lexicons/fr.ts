import type { LexiconSource } from '../lexicon.ts';

/**
 * French. A stem takes gender and plural along ("gris*": grise, grises); a verb's endings often need
 * more than four letters, so verbs are listed by tense. Accents count: "mur" is no "mûr".
 */
export const french: LexiconSource = {
  language: 'fr',
  support: 'measured',
  suffixLength: () => 4,
  elisions: 'l d s n c j m t qu jusqu lorsqu puisqu quoiqu',
  abbreviations: `m mm mme mmes mlle mlles mgr dr me pr st ste cf p pp art chap vol av apr env etc`,
  except: `bâtissent bourgeois bourgogne bourgeons jardinier jardinière jardiner désertion
    déserteur désertée cabaretier cabaretière fabriquer fabriquent oreiller oreillers épauler
    écharper crânerie crânement fichue briser obscurcit obscurcis tranquillité tranquillise
    tranquillisa tasser tassement poignardé fusillait fusillade hacher baguette baguettes fouettée
    fouettés fouetter fouetté fouetta fouettait rougit rougir pâlit pâlir maigrement carrément
    vieilleries joliment élégance élégances délicatesse lisser tristement pauvreté pauvretés
    légèrement légèreté pleinement garnir étrangers étranger étrangement infiniment coussinets
    machineur machineurs outillage murailler portraits résolution raisonnable`,

  place: `sol terre terres eau eaux brique* hôtel* maison* demeure demeures château* palais
    clocher* église* chapelle* cathédrale* abbaye* couvent* temple temples monument* bâtiment*
    bâtisse* édifice* cabane* hutte* chaumière* ferme fermes grange* étable* écurie* hangar*
    baraque* masure* logis chambre chambres chambrette pièce pièces salle salles salon salons
    vestibule* couloir* corridor* cuisine* cabinet cabinets bibliothèque* cave caves caveau
    grenier* mansarde* escalier* marches perron* porte portes portail seuil* grille grilles
    barrière* fenêtre* vitre vitres carreau* volet volets persienne* lucarne* mur murs muraille*
    cloison* plafond* plancher* dalle dalles toit toits toiture* cheminée* foyer âtre balcon*
    terrasse* jardin* parc parcs pelouse* gazon* verger* vigne vignes haie haies clôture* champ
    champs pré prés prairie* plaine* plateau plateaux village* hameau* ville villes bourg*
    faubourg* rue rues ruelle* tours tourelle* cours places boulevard* route routes chaussée* pavé
    pavés trottoir* carrefour* pont ponts quai quais port ports jetée* rivage* rive rives plage*
    grève sable sables côte côtes falaise* grotte* caverne* colline* coteau* côteau* vallon*
    vallée* ravin* gorge gorges montagne* rocher rochers roche roches roc pierre pierres caillou*
    lande landes marais bruyère* boue forêt* bois bosquet* taillis fourré* arbre* arbuste*
    buisson* chêne* hêtre* sapin* peuplier* saule* orme ormes pommier* branche* feuillage* feuille
    feuilles herbe herbes mousse lierre fleuve* rivière* ruisseau* canal lac lacs étang* mare
    mares bassin* cascade* torrent* mer mers océan* flots île îles désert* sentier* chemin chemins
    allée allées avenue* cimetière* tombe tombes tombeau* prison prisons cachot* auberge* cabaret*
    boutique* magasin* usine* fabrique* fosse puits galerie galeries talus marché marchés théâtre*
    horizon* paysage* ruine ruines colonne colonnes pilier* arcade* voûte* fontaine* navire coin
    coins campagne quartier quartiers façade* comptoir*`,

  body: `visage* figure figures faces front fronts sourcil* œil oeil yeux regard regards paupière*
    cil cils nez narine* joue joues menton* lèvre* bouche bouches dent dents mâchoire* oreille*
    cheveu cheveux chevelure* chauve* cou nuque* gorge épaule* bras main mains doigt doigts poing
    poings poignet* poitrine* sein seins taille* hanche* jambe* genou genoux pied pieds membre
    membres corps ventre dos crâne* teint peau barbe barbes moustache* favoris ride rides ridé*
    cicatrice* boucle boucles bouclé* natte nattes tresse tresses profil* traits physionomie*
    silhouette* robe robes habit habits habillé* vêtu vêtue vêtus vêtues vêtement* manteau* veste
    vestes redingote* gilet* chemise* pantalon* culotte* botte bottes bottine* soulier* sabot
    sabots chapeau* casquette* bonnet* coiffe coiffes coiffé* voile voiles gant gants ganté*
    châle* écharpe* fichu* foulard* tablier* jupe jupes jupon* dentelle* soie velours satin laine
    ruban* linge mouchoir* poil poils cuisse* col cols collet cravate* manche manches bouton
    boutons lunettes uniforme* perruque* haillon* loques corsage* tête têtes`,

  atmosphere: `lumière* lumineu* lueur* clarté* éclair éclairs éclairé* éclairai* flamme* feu feux
    brasier* braise* rayon rayons reflet* étincel* scintill* luisai* luisant* ombre ombres obscur*
    ténèbres ténébreu* nuit nuits noirceur pénombre* crépuscul* aube aurore* matin soir midi
    minuit soleil* lune étoile* étoilé* ciel cieux azur nuage nuages nuée nuées brume* brumeu*
    brouillard* vapeur* pluie* pluvieu* averse* neige* neigeu* givre* gelée* glace glaces orage*
    orageu* tempête* tonnerre* vent vents brise* rafale* bise souffle souffles bouffée* air
    chaleur* chaud chaude chauds chaudes tiède* tiédeur* froid froide froids froides fraîcheur*
    fraîch* frais glacé* silence* silencieu* calme tranquill* bruit bruits rumeur* grondement*
    ronflement* murmure murmures écho échos chant chants odeur* parfum* senteur* fumée* fumeu*
    poussière* poudreu* humide* humidité couleur* teinte* nuance* printemps automne* hiver* écume*`,

  object: `échelle* cage cages paquet* oiseau* pomme pommes diamant* table tables chaise*
    fauteuil* canapé* lit lits banc bancs bureau buffet* armoire* commode commodes étagère*
    miroir* rideau* tapis tapisserie* tenture* meuble* lampe lampes lanterne* chandelle* bougie*
    flambeau* lustre lustres pendule* horloge* tableau* portrait* gravure* statue* statuette* vase
    vases bouteille* verre verres tasse* assiette* plat plats panier* boîte* coffre coffres
    coffret malle malles sac sacs tonneau* épée* sabre* poignard* couteau* lame lames pistolet*
    fusil* mousquet* lance lances bouclier* casque casques hache* canon canons lettre lettres
    livre livres volume volumes papier papiers parchemin* carte cartes clef clefs clé collier*
    bracelet* bague* bijou* couronne* voiture* carrosse* calèche* fiacre* charrette* chariot*
    navire* vaisseau* bateau* barque* mât mâts ancre* corde cordes câble* chaîne* roue roues fleur
    fleurs rose roses lilas cloche cloches drapeau* selle selles fouet* bâton* canne cannes
    parapluie* piano* violon* machine* instrument* pompe oreiller* coussin* couverture* drap draps
    poêle* paravent* outil* pelle pioche* chaudière* marmite* cuivre cuivres cristal faïence*
    porcelaine* ivoire`,

  quality: `blanc blancs blanch* blême* noir noire noirs noires noirâtre* noirci* rouge*
    rougeâtre* rougi* bleu bleue bleus bleues bleuâtre* vert verte verts vertes verdâtre* gris
    grise grises grisâtre* brun brune bruns brunes jaune* jaunâtre* jauni* doré dorée dorés dorées
    pourpre* rosé rosée violet* violac* pâle* pâli* roux rousse rousses roussâtre* blond blonde
    blonds blondes argenté* livide* sombre* clair claire clairs claires grand grande grands
    grandes gros grosse grosses énorme* immense* vaste* petit petite petits petites mince* maigre*
    haute hauts hautes longue longs longues court courte courts courtes étroit* large larges épais
    épaisse* fine fins fines gras grasse grasses massif* massiv* trapu* rond ronde ronds rondes
    carré* plat plate plats plates raide* courbe courbes courbé* pointu* creux creuse creusé*
    crochu* vieux vieil vieille* ancien* antique* usé usée usés usées fané* rouillé* moussu*
    délabré* ruiné* cassé* neuf neuve beau bel belle beaux belles joli* laid laide laids laides
    affreu* hideu* gracieu* élégan* délicat* superbe* magnifi* splendide* brillant* éclatant*
    luisant* poli polie polis polies lisse* rude rudes rugueu* doux douce douces dur dure durs
    dures nu nue nus nues désert déserte* désolé* triste* morne* lugubre* propre propres sale
    sales crasseu* boueu* riche riches pauvre* lourd lourde lourds lourdes léger légère* profond
    profonde* pleine* vide vides morte sculpté* peint peinte* orné* brodé* tendu tendue* couvert
    couverte* garni* bordé* planté* fleuri* feuillu* touffu* pavée vif vive vives aigu aiguë
    blafard* terne* transparent* immobile* robuste* solide solides mouillé* trempé* sec sèche
    sèches gonflé* ridée étrange* singuli* infini*`,

  spatial: `derrière devant autour dessus dessous delà sous contre entre parmi près loin lointain*
    long travers milieu centre fond bout bord bords côté côtés coin droite gauche intérieur
    extérieur dedans dehors haut bas partout çà face distance`,

  stative: `était étaient semblait semblaient paraissait paraissaient ressemblait portait
    portaient pendait pendaient étendait étendaient étalait étalaient dressait dressaient élevait
    élevaient dominait dominaient ouvrait ouvraient descendait descendaient coulait coulaient
    couvrait couvraient entourait entouraient formait formaient brillait brillaient luisait
    flottait flottaient régnait restait demeurait allongeait allongeaient bordait bordaient
    enveloppait emplissait emplissaient`,

  event: `alla allèrent vint vinrent fit firent prit prirent mit mirent partit partirent sortit
    sortirent entra entrèrent revint revinrent courut coururent leva levèrent jeta jetèrent tira
    tirèrent poussa poussèrent tourna tournèrent retourna descendit descendirent monta montèrent
    ouvrit ouvrirent ferma saisit tomba tombèrent regarda regardèrent donna passa passèrent arriva
    arrivèrent arrêta arrêtèrent rentra rentrèrent approcha approchèrent avança marcha baissa posa
    laissa lança frappa embrassa serra ramassa porta emporta emmena suivit suivirent rejoignit
    attendit commença recommença finit quitta retrouva remit reprit sauta glissa disparut releva
    redressa pencha secoua cassa tua perdit entendit aperçut reconnut reçut but mangea assit
    asseoir coucha endormit réveilla`,

  speech: `dit dis disait disaient disant dirent répondit répond répondait répondirent demanda
    demandait demande reprit répliqua écria cria ajouta murmura murmurait raconta racontait
    déclara interrompit expliqua continua répétait répéta parler parlait parla parlé`,

  mental: `pense pensa pensait pensée pensées penser songea songeait songer croire croit croyait
    crut savoir savait sait sut comprendre comprit comprenait comprend idée* raison raisons
    raisonn* doute* opinion* affaire* question* espér* espoir décid* résolu* réfléchi* voulut
    voulait vouloir fallait faut devait devoir souvenir souvint souvenait`,

  person: `vous votre vos toi tu ton tes te moi mon mes ma notre nos je`,
};
