import { randomBytes } from 'node:crypto';
import { SECRET_MAKERS } from '../local/secrets.ts';

/** The variable that each kind of secret goes into. */
const VARIABLES: Record<keyof typeof SECRET_MAKERS, string> = {
  signing: 'SIGNING_KEYS',
  encryption: 'ENCRYPTION_KEYS',
  pepper: 'HASH_PEPPER',
  operator: 'OPERATOR_TOKEN',
};

const isKind = (text: string | undefined): text is keyof typeof SECRET_MAKERS =>
  text !== undefined && Object.hasOwn(SECRET_MAKERS, text);

/** An id that says when the key was made; keys of one day differ, because a ring refuses two with one id. */
function makeKeyId(): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  return `k${day}-${randomBytes(3).toString('hex')}`;
}

/** Prints one fresh secret on stdout, and nothing else there, so that it can be piped into the secret store. */
function main([kind, id = makeKeyId()]: string[]): number {
  if (!isKind(kind) || !/^[a-z0-9-]{1,32}$/.test(id)) {
    console.error(
      `usage: npm run -s keys:generate -- ${Object.keys(SECRET_MAKERS).join('|')} [id of the key: a-z, 0-9, -]`,
    );
    return 2;
  }
  console.log(SECRET_MAKERS[kind](id));
  const isKeyRing = kind === 'signing' || kind === 'encryption';
  console.error(
    isKeyRing
      ? `one pair of ${VARIABLES[kind]}; pairs are joined by commas, the first one is used for new things`
      : `the value of ${VARIABLES[kind]}`,
  );
  return 0;
}

process.exitCode = main(process.argv.slice(2));
