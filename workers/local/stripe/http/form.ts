/** A decoded form: text, or nested by the keys in square brackets. */
export type FormValue = string | FormValue[] | { [name: string]: FormValue };

function place(target: Record<string, FormValue>, path: string[], value: string): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  const inner = target[name];
  const nested = typeof inner === 'object' && !Array.isArray(inner) ? inner : {};
  target[name] = nested;
  place(nested, rest, value);
}

/** Objects whose keys are 0, 1, 2 … or empty were lists. */
function withLists(value: FormValue): FormValue {
  if (typeof value === 'string' || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, withLists(inner)] as const);
  const isList = entries.length > 0 && entries.every(([name]) => /^\d+$/.test(name));
  return isList ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}

/** Decodes `items[0][price]=a&metadata[key]=b`; `expand[]=a` appends to a list. */
export function decodeForm(text: string): Record<string, FormValue> {
  const form: Record<string, FormValue> = Object.create(null);
  let appended = 0;
  for (const [key, value] of new URLSearchParams(text)) {
    const path = key
      .split(/\[|\]\[|\]$/)
      .filter((part, index, all) => index < all.length - 1 || part !== '' || all.length === 1);
    place(
      form,
      path.map((part, index) => (part === '' && index > 0 ? String(appended++) : part)),
      value,
    );
  }
  return Object.fromEntries(Object.entries(form).map(([name, value]) => [name, withLists(value)]));
}
