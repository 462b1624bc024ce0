/** How long the answer of a cluster to a creation may take; until then it is not asked again. */
export const CLAIM_MS = 10_000;

/** Whether another run is asking the cluster for it at this moment. */
export const isClaimed = ({ begunAt }: { begunAt: Date | null }, nowMs: number): boolean =>
  begunAt !== null && nowMs - begunAt.getTime() < CLAIM_MS;

/** Moves to a state, unless that is the present one. */
export const moveState = <State extends string, Reason extends string>(
  row: { state: State; reason: Reason | null },
  state: State,
  reason: Reason | null,
  nowMs: number,
) => (row.state === state && row.reason === reason ? {} : { state, reason, stateAt: new Date(nowMs) });

const plain = (value: unknown) => JSON.stringify(value ?? null);

/** Whether a change is worth a commit: it differs from the row. */
export const isWorthCommit = <Row extends object>(row: Row, change: Partial<Row>): boolean =>
  Object.entries(change).some(([name, value]) => plain(value) !== plain(row[name as keyof Row]));
