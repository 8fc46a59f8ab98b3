/** Words that carry no content of their own, by language. A text is looked at with those of its own language. */
const stopWords: Record<string, ReadonlySet<string>> = {
  en: setOf(
    `a about above after again against all also am an and any are as at be because been before being below between both
    but by can cannot could did do does doing down during each few for from further had has have having he her here hers
    him his how however i if in into is it its itself just let like me more most my no nor not now of off on once only or
    other our out over own really same shall she should so some such than that the their them then there these they this
    those through to too under until up us very was we were what when where which while who whom whose why will with would
    you your yours yes don doesn didn isn wasn won ll ve re`,
  ),
  de: setOf(
    `ab aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bis bist da dabei damit dann
    das dass daß dein deine dem den denn der des dich die dies diese diesem diesen dieser dieses dir doch dort du durch ein
    eine einem einen einer eines er es etwas euch euer für gegen gibt gewesen hab habe haben hat hatte hatten hier hin hinter
    ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ins ist ja jede jedem jeden jeder jedes jener jetzt kann kein keine
    keinen können könnte machen man manche mehr mein meine meinem meinen mich mir mit muss musste nach nicht nichts noch
    nun nur ob oder ohne schon sehr sein seine seinem seinen seiner seit sich sie sind so solche soll sollte sondern sonst
    über um und uns unser unsere unter viel vom von vor wann war waren warum was weil welche welchem welchen welcher wenn
    wer werde werden wie wieder will wir wird wirst wo wollen worden wurde wurden würde zu zum zur zwar zwischen`,
  ),
  fr: setOf(
    `à ai alors après au aucun aussi autre autres aux avant avec avoir avait avons bien c ça car ce ceci cela ces cet cette
    ceux chaque chez comme comment d dans de des deux donc dont du elle elles en encore entre est et était étaient été être
    eu fait faire il ils j je jusqu l la là le les leur leurs lui m ma mais me même mes moi mon n ne ni nos notre nous on
    ont ou où par parce pas pendant peu peut plus pour pourquoi qu quand que quel quelle quelles quels qui s sa sans se
    sera ses si son sont sous sur t ta te tes toi ton tous tout toute toutes très tu un une vers vos votre vous y`,
  ),
  es: setOf(
    `a al algo algunas algunos ante antes aquel aquella así aún aunque cada como cómo con contra cual cuál cuando cuándo de
    del desde donde dónde durante e el él ella ellas ellos en entre era eran es esa esas ese eso esos esta está estaba
    estado están estas este esto estos fue fueron ha había han has hasta hay he la las le les lo los más me mi mis mismo
    mucho muchos muy nada ni no nos nosotros nuestra nuestro o os otra otras otro otros para pero poco por porque qué que
    quien quién se sea ser sería si sí sido sin sobre son su sus también tan te tenemos tener tengo ti tiene tienen todo
    todos tu tú un una uno unos usted ya yo`,
  ),
  pt: setOf(
    `a à ao aos aquela aquele aquilo as às até com como da das de dela dele deles depois do dos e é ela elas ele eles em
    entre era eram essa essas esse esses esta está estão estas estava este estes eu foi foram há isso isto já lhe mais mas
    me mesmo meu meus minha minhas muito na não nas nem no nos nós nossa nosso num numa o os ou para pela pelas pelo pelos
    por porque qual quando quanto que quem são se seja sem ser seu seus só sobre sua suas também te tem têm ter teu tinha
    tu tua um uma umas uns você vocês`,
  ),
};

/** What people say around a question, not in it. */
const asking = setOf(
  `ask asked conversation conversations discuss discussed discussion find found look mention mentioned please recall
  remember said say saying search session sessions show talk talked tell thanks topic bitte erinnere erzähl finde gesagt
  gespräch gesprochen haben sag sagte suche thema zeig cherche conversation discuté dit parlé rappelle trouve busca
  conversación dijo dijimos encuentra hablamos recuerda busque conversa disse dissemos encontre falamos lembra`,
);

const greetings = setOf(
  `aloha bom bonjour bonsoir buenas buenos ciao day dia días goodbye guten hallo hello help hey hi hiya hola howdy moin
  morgen morning noches nachmittag olá oi salut servus tag tardes test there welcome world yo afternoon evening good
  こんにちは 你好 您好 привет здравствуйте 안녕하세요 हैलो नमस्ते مرحبا שלום hilfe aide ayuda ajuda`,
);

function setOf(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/));
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/** The words of a text in lower case, in every script; what an apostrophe joins is apart. */
export function wordsOf(text: string): string[] {
  const found: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(text))
    if (isWordLike) for (const word of segment.split(/['’]/)) if (word !== '') found.push(word.toLowerCase());
  return found;
}

/** The language whose small words are most frequent; English when there are none. */
export function languageOf(words: readonly string[]): string {
  let language = 'en';
  let most = 0;
  for (const [each, stops] of Object.entries(stopWords)) {
    const count = words.reduce((sum, word) => sum + (stops.has(word) ? 1 : 0), 0);
    if (count > most) [language, most] = [each, count];
  }
  return language;
}

/** A single sign of an alphabet or syllabary says nothing; a single ideograph is a word. */
const tells = (word: string) => word.length > 1 || /\p{Script=Han}/u.test(word);
const particle = /^\p{Script=Hiragana}{1,2}$/u;

export const isContent = (word: string, language: string): boolean =>
  tells(word) && !particle.test(word) && !/^\d+$/.test(word) && stopWords[language]?.has(word) !== true;

/** What a question is about, in the order of the question, each word once. */
export function subjectOf(question: string): string[] {
  const words = wordsOf(question);
  const language = languageOf(words);
  const about = words.filter((word) => /^\d{2,}$/.test(word) || (isContent(word, language) && !asking.has(word)));
  return [...new Set(about)];
}

/** Nothing but a greeting, or nothing that could be looked for. */
export const isGreeting = (subject: readonly string[]): boolean => subject.every((word) => greetings.has(word));

/** Case and accents do not count. */
export const fold = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]+/g, '')
    .normalize('NFC')
    .replaceAll('ß', 'ss');

/** Words that differ only in case, accents or a common ending count as the same. */
export function stem(word: string): string {
  const plain = fold(word);
  const shorter = plain.replace(/(ings?|ed|es|en|em|er|ern|s|e|n)$/, '');
  return shorter.length >= 4 ? shorter : plain;
}
