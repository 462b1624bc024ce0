type Row = { status: string };

/** The status of a payment that was made, by the path that shows it, and what it is while the payment is being made. */
const STATUSES: [path: RegExp, made: string, pending: string][] = [
  [/^\/v1\/invoice_payments$/, 'paid', 'open'],
  [/^\/v1\/payment_intents\/\w+$/, 'succeeded', 'processing'],
  [/^\/transactions$/, 'completed', 'paid'],
];

/**
 * Requests to a provider as long as payments take, such as debits of a bank account: one that the stand-in has made is still being
 * made.
 * @param isPending while it says so
 */
export function withPendingPayments(isPending = () => true): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input.toString());
    const [, made, pending = ''] = STATUSES.find(([path]) => path.test(url.pathname)) ?? [];
    if (made === undefined || (init?.method ?? 'GET') !== 'GET' || !isPending()) return fetch(url, init);
    const asked = url.searchParams.get('status')?.split(',');
    url.searchParams.delete('status');
    const answer = await (await fetch(url, init)).json<Row & { data?: Row[] }>();
    const show = <T extends Row>(row: T): T => (row.status === made ? { ...row, status: pending } : row);
    if (!answer.data) return Response.json(show(answer));
    return Response.json({
      ...answer,
      data: answer.data.map(show).filter(({ status }) => asked?.includes(status) !== false),
    });
  };
}
