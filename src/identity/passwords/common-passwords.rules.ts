/**
 * The words and keyboard runs that people choose first. A password is common when it consists of one or two of them with
 * only digits and signs around: `Password123!` and `qwerty-welcome1` are, a sentence is not.
 */
const STEMS = `
password passwort motdepasse contrasena senha parola wachtwoord heslo haslo jelszo losenord salasana
passw0rd p@ssword p@ssw0rd pa55word passphrase pass word secret geheim admin administrator root user username
login logon signin welcome willkommen bienvenue bienvenido hello hallo letmein letmeinplease openup opensesame
changeme changeit change default guest test testing tester temp temporary demo sample example access
master superuser system server oracle cisco windows microsoft google facebook amazon apple samsung android
internet computer laptop keyboard monitor printer network security database developer programmer
qwerty qwertz azerty qwertyui qwertyuiop qwertyuiopasdf asdf asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc
1qaz2wsx 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4 q1w2e3r4t5 zaq12wsx zaq1zaq1 qweasd qweasdzxc qwe asd zxc
abc abcd abcde abcdef abcdefg abcdefgh abcdefghij abc123 a1b2c3 a1b2c3d4 a1b2c3d4e5 aabbcc xyz
iloveyou iloveu loveyou lovely love lover loveme ilove forever sweetheart darling baby babygirl babyboy angel
princess prince queen king sunshine moonlight starlight rainbow butterfly flower blossom summer winter spring
autumn january february march april june july august september october november december
monday tuesday wednesday thursday friday saturday sunday
football baseball basketball soccer hockey tennis golf cricket rugby liverpool arsenal chelsea barcelona
realmadrid manchester juventus bayern yankees cowboys steelers lakers
superman batman spiderman ironman wonderwoman pokemon pikachu naruto starwars skywalker matrix minecraft
fortnite nintendo playstation xbox zelda dragon dragonball monster hunter ranger shadow phoenix
michael jennifer jessica ashley daniel andrew joshua matthew anthony charlie thomas robert jordan george
nicole michelle amanda samantha alexander william richard maggie hannah buster harley
tigger tiger lion eagle falcon panther dolphin turtle monkey donkey kitten doggie puppy chicken banana
orange cherry strawberry chocolate cookie cheese coffee pepper ginger cinnamon peanut
mustang ferrari porsche mercedes corvette chevrolet yamaha honda toyota
london paris berlin madrid moscow newyork chicago dallas texas california florida america canada england
germany france mexico brazil india china
freedom whatever nothing trustno1 trustnoone hellokitty blink182 matrix slipknot metallica nirvana eminem
jesus jesuschrist godisgood blessed heaven hosanna
ninja samurai warrior soldier killer hacker pirate wizard merlin gandalf hobbit
diamond golden silver platinum purple yellow black white green
money dollar million business office company manager boss staff team employee customer service support
family mother father sister brother friend friends mylove myself
correcthorsebatterystaple auralink
`;

const stems = new Set(STEMS.split(/\s+/).filter(Boolean));

/** Every part of these runs is common, forwards and backwards. */
const KEYBOARD_RUNS = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  '1qaz2wsx3edc4rfv5tgb',
];

function isRun(text: string): boolean {
  const backwards = Array.from(text).toReversed().join('');
  return KEYBOARD_RUNS.some((run) => run.includes(text) || run.includes(backwards));
}

function isStemOrPair(word: string): boolean {
  if (stems.has(word)) return true;
  for (let cut = 3; cut <= word.length - 3; cut++)
    if (stems.has(word.slice(0, cut)) && stems.has(word.slice(cut))) return true;
  return false;
}

/** Undoes the usual substitutions of letters. */
const undoSubstitutions = (text: string) =>
  text
    .replaceAll('@', 'a')
    .replaceAll('4', 'a')
    .replaceAll('0', 'o')
    .replaceAll('3', 'e')
    .replaceAll('1', 'i')
    .replaceAll('$', 's')
    .replaceAll('5', 's');

/** @param normalized the password in lower case and without spaces */
export function isCommonPassword(normalized: string): boolean {
  const trimmed = normalized.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const variants = [normalized, trimmed, normalized.replace(/[^\p{L}]+$/u, ''), undoSubstitutions(trimmed)];
  const letters = variants.map((reading) => reading.replaceAll(/[^\p{L}\p{N}@$]+/gu, ''));
  if (letters.some((reading) => reading !== '' && (isStemOrPair(reading) || isRun(reading)))) return true;
  const half = normalized.slice(0, normalized.length / 2);
  return half.repeat(2) === normalized && (isStemOrPair(half) || isRun(half));
}
