const SHOWN_AGAIN_AFTER_MS = 10 * 60_000;
/** `10:20:30 ERROR cron.run name=outbox.sweep …`, with its level if it is not information. */
const TASK_LINE = /^\d\d:\d\d:\d\d (?:[A-Z]+ )?cron\.run name=(\S+)/;
/** Parts of a line that differ between two runs with the same outcome. */
const VARIABLE = /^\d\d:\d\d:\d\d |durationMs=\d+ ?/g;

/**
 * Says whether a line is worth showing. A scheduled task runs each minute: a task with the same outcome as its last
 * run, such as a media server that is still being built, is shown again only after ten minutes.
 */
export function createRepetitionFilter(now: () => number = Date.now): (line: string) => boolean {
  const lastOutcomes = new Map<string, { outcome: string; shownAt: number }>();
  return (line) => {
    const name = TASK_LINE.exec(line)?.[1];
    if (name === undefined) return true;
    const outcome = line.replaceAll(VARIABLE, '');
    const last = lastOutcomes.get(name);
    if (last?.outcome === outcome && now() - last.shownAt < SHOWN_AGAIN_AFTER_MS) return false;
    lastOutcomes.set(name, { outcome, shownAt: now() });
    return true;
  };
}
