import type { Store } from '../../stand-in/store.ts';
import type { Kind, Row, Rows } from '../account/stored.ts';
import { StripeFailure } from './errors.ts';

/** Fields that an answer has only when they are asked for. */
const INCLUDABLE: Partial<Record<Kind, readonly string[]>> = {
  invoice: ['payments', 'confirmation_secret'],
  price: ['tiers'],
  'checkout.session': ['line_items'],
};

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const includableOf = (row: Json) => INCLUDABLE[row.object as Kind] ?? [];

/** The object without the fields that must be asked for. */
export function withoutIncludable(row: Row): Json {
  const hidden = includableOf(row as unknown as Json);
  return Object.fromEntries(Object.entries(row).filter(([name]) => !hidden.includes(name)));
}

function cannotExpand(path: string): never {
  throw StripeFailure.invalid(`This property cannot be expanded (${path}).`, 'expand');
}

/** Shows objects as the API does: references are ids unless a path of `expand` names them. */
export class Presenter {
  readonly #store: Store<Rows>;
  constructor(store: Store<Rows>) {
    this.#store = store;
  }

  /** @throws StripeFailure when a path leads to something that is no reference */
  present(value: unknown, expand: readonly string[]): unknown {
    const paths = expand.map((path) => path.split('.'));
    if (paths.some((path) => path.length > 4))
      throw StripeFailure.invalid('You cannot expand more than 4 levels of a property', 'expand');
    return this.#show(value, paths);
  }

  #show(value: unknown, paths: string[][]): unknown {
    if (Array.isArray(value)) return value.map((each) => this.#show(each, paths));
    if (!isObject(value)) return value;
    const first = new Set(paths.map(([name]) => name));
    const hidden = includableOf(value).filter((name) => !first.has(name));
    const shown: Json = {};
    for (const [name, inner] of Object.entries(value)) {
      if (hidden.includes(name)) continue;
      const below = paths.filter(([head]) => head === name).map((path) => path.slice(1));
      shown[name] = below.length > 0 ? this.#follow(inner, below, name) : this.#show(inner, []);
    }
    for (const name of first) if (name !== undefined && !(name in value)) cannotExpand(name);
    return shown;
  }

  #follow(value: unknown, paths: string[][], name: string): unknown {
    if (value === null) return null;
    const rest = paths.filter((path) => path.length > 0);
    if (Array.isArray(value)) return value.map((each) => this.#follow(each, paths, name));
    if (typeof value !== 'string') return this.#show(value, rest);
    const row = this.#store.find(value);
    return row ? this.#show(row, rest) : cannotExpand(name);
  }
}
