import { clusterErrors } from '../../calls/clusters/index.ts';
import { isError } from '../../kernel/core/index.ts';
import { isClaimed } from '../cluster-rows/index.ts';
import { isAddressRefusal } from '../../platform/outgoing/index.ts';
import { type EgressEnd, type EgressRow, endByAbsence, endByHanging } from './egress.rules.ts';

/** How one recording or stream is run at its cluster, and what follows for its row. */
export interface EgressDriver<Row extends EgressRow, Report> {
  /** The egress as the cluster lists it: by its id there, or by that of the row when the answer to its start was lost. */
  find(): Promise<Report | undefined>;
  /** Reserves the next seconds for one start. @returns the row as it is then @throws AppError `request.stale` */
  claim(): Promise<Row>;
  /** @returns null when no recorder is free @throws AppError `clusters.refused`, or `outgoing.*` about its bucket */
  start(row: Row): Promise<Report | null>;
  /** @returns null when it has ended already */
  stop(egressId: string): Promise<Report | null>;
  changeByReport(row: Row, report: Report): Partial<Row>;
  changeByEnd(row: Row, end: EgressEnd): Partial<Row>;
}

/** The state of an egress after a step: the row that the step was decided on, and its changes. */
export interface EgressStep<Row> {
  row: Row;
  change: Partial<Row>;
}

/** By the cluster, or because the address of the bucket is not allowed any more. */
const isRefused = (error: unknown) => isAddressRefusal(error) || isError(error, clusterErrors.refused);

async function startOnce<Row extends EgressRow, Report>(
  driver: EgressDriver<Row, Report>,
  nowMs: number,
): Promise<EgressStep<Row>> {
  const row = await driver.claim();
  const stepOf = (end: EgressEnd | null) => ({ row, change: end ? driver.changeByEnd(row, end) : {} });
  try {
    const begun = await driver.start(row);
    return begun ? { row, change: driver.changeByReport(row, begun) } : stepOf(endByAbsence(row, nowMs));
  } catch (error) {
    if (!isRefused(error)) throw error;
    return stepOf({ state: 'failed', reason: 'refused' });
  }
}

/**
 * Begins an egress that was asked for, unless the cluster has it already or it has been asked to stop.
 * @param obstacle what changes when it is known that it cannot begin; null while it can
 * @returns no change while no recorder is free, or another start may be answered yet @throws AppError of the cluster
 */
export async function beginEgress<Row extends EgressRow, Report>(
  driver: EgressDriver<Row, Report>,
  row: Row,
  { nowMs, obstacle }: { nowMs: number; obstacle: Partial<Row> | null },
): Promise<EgressStep<Row>> {
  const report = await driver.find();
  if (report) return { row, change: driver.changeByReport(row, report) };
  if (isClaimed(row, nowMs)) return { row, change: {} };
  if (row.stopRequestedAt)
    return { row, change: driver.changeByEnd(row, { state: 'failed', reason: 'stopped_before_start' }) };
  if (obstacle) return { row, change: obstacle };
  const end = row.begunAt === null ? null : endByAbsence(row, nowMs);
  return end ? { row, change: driver.changeByEnd(row, end) } : startOnce(driver, nowMs);
}

/**
 * Follows an egress that has begun, and stops it if it was asked to.
 * @param mayRun whether its recorder may still be running
 * @throws AppError of the cluster
 */
export async function followEgress<Row extends EgressRow, Report>(
  driver: EgressDriver<Row, Report>,
  row: Row,
  { nowMs, mayRun }: { nowMs: number; mayRun: boolean },
): Promise<Partial<Row>> {
  const { stopRequestedAt, egress } = row;
  const changeOf = (end: EgressEnd | null) => (end ? driver.changeByEnd(row, end) : {});
  const stopped = stopRequestedAt && egress && mayRun ? await driver.stop(egress) : null;
  const report = stopped ?? (await driver.find());
  if (!report) return changeOf(endByAbsence(row, nowMs));
  const change = driver.changeByReport(row, report);
  return change.state ? change : { ...change, ...changeOf(endByHanging(row, nowMs)) };
}
