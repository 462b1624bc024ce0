/** The forms of a module's name that its files use. */
export interface ModuleNames {
  domain: string;
  /** `call-notes` */
  name: string;
  /** `callNotes` */
  plural: string;
  /** `callNote` */
  singular: string;
  /** `CallNote` */
  type: string;
  /** `call_notes` */
  table: string;
  /** `call-note` */
  file: string;
  /** `call note` */
  noun: string;
  /** `call notes` */
  nouns: string;
  /** `call_note`, as its events are named */
  subject: string;
}

const toCamelCase = (name: string) =>
  name.replaceAll(/-([a-z0-9])/g, (_, first: string) => first.toUpperCase());
export const capitalize = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

/** @param name plural, words joined by hyphens: `call-notes` */
export function nameModule(domain: string, name: string): ModuleNames {
  const file = name.replace(/ies$/, 'y').replace(/(?<!s)s$/, '');
  const singular = toCamelCase(file);
  return {
    domain,
    name,
    plural: toCamelCase(name),
    singular,
    type: capitalize(singular),
    table: name.replaceAll('-', '_'),
    file,
    noun: file.replaceAll('-', ' '),
    nouns: name.replaceAll('-', ' '),
    subject: file.replaceAll('-', '_'),
  };
}

/** "a note", "an upload". */
export const withArticle = (noun: string) => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
