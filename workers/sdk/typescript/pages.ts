/** A page of a list. */
export interface Page<Item> {
  data: Item[];
  /** Null for the last page. */
  nextCursor: string | null;
}

/** An operation that lists. */
type List = (options: never) => Promise<{ data?: unknown }>;

type OptionsOf<Operation extends List> = NonNullable<Parameters<Operation>[0]>;

/** What an operation lists. */
export type ItemOf<Operation extends List> =
  NonNullable<Awaited<ReturnType<Operation>>['data']> extends { data: (infer Item)[] } ? Item : never;

/** The pages of a list, as they are needed. Each operation that lists takes a `cursor`. */
export async function* pagesOf<Operation extends List>(
  list: Operation,
  options: OptionsOf<Operation>,
): AsyncGenerator<Page<ItemOf<Operation>>> {
  const { query, ...rest } = options as { query?: object };
  for (let cursor: string | null | undefined; cursor !== null;) {
    const asked = cursor === undefined ? query : { ...query, cursor };
    const { data } = await list({ ...rest, query: asked } as never);
    const page = data as Page<ItemOf<Operation>>;
    yield page;
    cursor = page.nextCursor;
  }
}

/** The items of a list; the next page is requested when the last one is used up. */
export async function* itemsOf<Operation extends List>(
  list: Operation,
  options: OptionsOf<Operation>,
): AsyncGenerator<ItemOf<Operation>> {
  for await (const { data } of pagesOf(list, options)) yield* data;
}
