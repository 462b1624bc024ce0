/** A word or pattern that the project does not use, in names, comments, texts and tests. */
export interface BannedWord {
  word: string;
  pattern: RegExp;
  /** What to write instead. */
  instead: string;
  /** Phrases with the word that are ordinary English, terms of the trade, or names that cannot change. */
  allowed?: readonly RegExp[];
  /** Only in these files; in others the word is a noun of the product. */
  files?: RegExp;
}

/** Nouns that `who` may follow. */
const PERSONS =
  'people|persons?|users?|members?|participants?|guests?|hosts?|moderators?|owners?|admins?|administrators?|callers?|' +
  'callees?|operators?|actors?|contacts?|applicants?|visitors?|viewers?|speakers?|voters?|watchers?|inviters?|creators?|' +
  'authors?|senders?|readers?|engineers?|customers?|colleagues?|developers?|someone|somebody|anyone|anybody|' +
  'everyone|everybody|agents?|services?|newcomers?|one|ones|all|those|others|each|party|parties|Ada|Bob|Carol|Dan|Eve';

const word = (name: string, forms: string, instead: string, allowed?: readonly RegExp[]): BannedWord => ({
  word: name,
  pattern: new RegExp(String.raw`\b(?:${forms})\b`, 'i'),
  instead,
  ...(allowed ? { allowed } : {}),
});

/** A word at the start of a comment, which then has no subject or no noun. */
const commentStart = (name: string, start: string, instead: string): BannedWord => ({
  word: `${name} at the start of a comment`,
  pattern: new RegExp(String.raw`^\s*(?:\/\/|\/?\*+|--) ?(?:${start})\b`),
  instead,
  files: /\.(?:ts|sql)$/,
});

/** The words that the glossary of CONTRIBUTING.md (section Words) replaces. */
export const BANNED_WORDS: readonly BannedWord[] = [
  word('district', 'districts?', 'domain'),
  word('door', 'doors?', 'entrypoint, pipeline, admission', [/\broom_door\b/, /\broom-door\b/]),
  word('effect', 'effects?', 'event', [
    /side[- ]?effects?/i,
    /tak(?:e|es|ing) effect/i,
    /background effects/,
  ]),
  word('happening', 'happenings?', 'event'),
  word('job', 'jobs?', 'subscriber, scheduled task', [/CI jobs?/]),
  word('told', 'told|tells?|telling', 'command, say, show, report, distinguish'),
  word('hear', 'hears?|heard|hearing', 'receive', [
    /can hear|hears? (?:each other|others|them|nothing|the)/i,
  ]),
  word('wall', 'walls?', 'tenant policy', [/wall[- ]?(?:clock|time|ms)/i, /tenant_wall|[`']wall[`']/]),
  word('standing', 'standings?', 'room access', [/standing order/i]),
  word('stranger', 'strangers?', 'a person without access, another user'),
  word('by the clock', 'by the clock', 'scheduled'),
  word('letter', 'letters?', 'delivery', [
    /dead[-_ ]?letters?/i,
    /letter-spacing/,
    /letter case|substitutions? of letters/i,
    /(?:lower|upper)[- ]case letters?/i,
    /letters?(?:,| and| or) digits?/i,
    /(?:first|capital|single|one|two|\d+) letters?/i,
  ]),
  word('lane', 'lanes?', 'partition'),
  word('keeper', 'keepers?', 'core'),
  word('house', 'houses?', 'project, product'),
  word('anew', 'anew', 'again'),
  word('go on', '(?:go|goes|going|went|gone) on', 'continue', [/(?:go|goes|went) on (?:the|top)\b/i]),
  word('by now', 'by now', 'already, now'),
  word('whoever', 'who(?:m|se)?ever|whosoever', 'anyone who, the user who'),
  {
    word: 'nobody as the person that a sentence is about',
    pattern: /\bNobody\b(?! else| answered)|\b(?:for|to|like|by|of) nobody\b(?! else)/,
    instead: 'no user, no caller, no participant; or say what is empty',
    allowed: [/'nobody'|`nobody`/], // a value of the API
  },
  {
    word: 'flight',
    pattern: /\bflights?\b/i,
    instead: 'delivery',
    allowed: [/in[-_ ]?flight/i],
    files: /^(?:src|test)\/kernel\/(?:delivery|events)\//,
  },
  {
    word: 'ticket',
    pattern: /\btickets?\b/i,
    instead: 'wakeup, delivery',
    files: /^(?:src|test)\/kernel\/|^workers\/(?:queues|cron|wakeup-queue)\.ts$/,
  },
  {
    word: 'room of code',
    pattern: /\brooms? of code\b|\bpage for every room\b/i,
    instead: 'module',
  },
  {
    word: 'Place',
    pattern: /\b(?:type|interface|class) (?:\w+ )?Place\b/, // names are split before words are searched
    instead: 'a type that carries its noun: RoomAccess, AdmissionRequest',
  },
  {
    word: 'who without a noun before it',
    pattern: /\bwho\b(?= [a-z]|$)/i,
    instead: 'a noun before it: the user who, members who',
    allowed: [
      // Also a second clause: members who joined, and who stayed.
      new RegExp(
        String.raw`\b(?:${PERSONS})(?:\)|'s|"|’s)?(?: (?:of|in) (?:the|a|an|its|their|this) [a-z]+| by mail)?,?(?: [a-z]+ly)? who\b(?:[^.;:]*(?:,| and| or) who\b)*`,
        'gi',
      ),
      /who[-_ ]?am[-_ ]?i/i, // the path, its operation and its schema
      // An indirect question: it says who may join.
      /\b(?:says?|said|decides?|knows?|known|lists?|learns?|checks?|verif(?:y|ies|ied)|shows?|sees?|seen|records?|names?) who\b/i,
      /\bwho (?:may|can|sees) (?!not\b)/i,
      /\bwho (?:somebody|someone|they|the \w+|a person|an? \w+) (?:is|are|was|were)\b/i,
    ],
  },
  {
    word: 'of which nothing is left',
    pattern: /of which (?:nothing|none) is/i,
    instead: 'say what is empty or missing',
  },
  {
    word: 'it is looked',
    pattern: /\bit is (?:looked|waited)\b(?! (?:up|after)\b)/i,
    instead: 'a subject that acts: the run checks whether, the product searches',
  },
  {
    word: 'definition of a thrown error',
    pattern: /\.definition\.(?:code|status)\b|[!=]== definition\.code\b|\bdefinition\.code [!=]==/,
    instead: 'isError(error, pollErrors.closed), hasStatus(error, 404) or isRefusal(error), of kernel/core',
    allowed: [/\$\{[\w.]+\.definition\.code\}/, /\[[\w.]+\.definition\.code\]: /], // an argument of SQL, a key of a table
    files: /^(?:src\/(?!kernel\/core\/)|workers\/|durable-objects\/).*\.ts$/,
  },
  word('is waited for', '(?:is|are|was|were) waited for', 'waits for, awaited'),
  {
    word: 'has it looked at',
    pattern: /\b(?:has|have|had|having) (?:\w+ ){1,4}looked at\b/i,
    instead: 'starts the check of, checks',
  },
  commentStart('So long', 'So (?:long|often)', 'How long, How often'),
  commentStart('That', 'That (?:a|an|the)', 'Whether, Requires that, The condition that'),
  commentStart(
    'Of',
    'Of (?:a|an|one|all|each|what|whom)',
    'a noun first: Size of each part, Runs of all organizations',
  ),
  commentStart('After which', '(?:After|From|By) which', 'a noun first: Time limit of the scan'),
];
