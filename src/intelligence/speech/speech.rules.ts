import type { Voice } from '../providers/index.ts';

/** BCP 47 code for a voice that speaks many languages. */
const MANY = 'mul';

/** The sentence of a voice about itself, in the languages of the product. */
const SENTENCES: Readonly<Record<string, (name: string) => string>> = {
  en: (name) => `Hello, I am ${name}. This is how I sound when I read your text.`,
  es: (name) => `Hola, soy ${name}. Así sueno cuando leo tu texto.`,
  fr: (name) => `Bonjour, je suis ${name}. Voici ma voix quand je lis votre texte.`,
  de: (name) => `Hallo, ich bin ${name}. So klinge ich, wenn ich deinen Text lese.`,
  it: (name) => `Ciao, sono ${name}. Ecco come suono quando leggo il tuo testo.`,
  pt: (name) => `Olá, sou ${name}. É assim que soo quando leio o seu texto.`,
};

/** The sentence of a voice, in its own language if there is one. */
export const previewOf = ({ name, language }: Voice): string =>
  (SENTENCES[language === MANY ? 'en' : language.split('-')[0]!] ?? ((only: string) => only))(name);
