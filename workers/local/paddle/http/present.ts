/** The object without what only this program knows. */
export function present<R extends object>(row: R): Omit<R, 'object' | 'own'> {
  const { object: _, own: __, ...shown } = row as R & { object?: string; own?: unknown };
  return shown;
}
