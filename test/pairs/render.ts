import { ACTIVITIES, type ActivityName } from './activities.ts';
import { CHANGES, type ChangeName } from './changes.ts';
import { PAIRS } from './table.ts';

export const ACTIVITY_NAMES = Object.keys(ACTIVITIES) as ActivityName[];
export const CHANGE_NAMES = Object.keys(CHANGES) as ChangeName[];

/** What a line says about its pairs; pairs with the same are written together. */
function describePair(change: ChangeName, activity: ActivityName): string {
  const { outcome, reason } = PAIRS[change][activity]!;
  return `${outcome === null ? '–' : outcome} | ${reason}`;
}

/** The table as Markdown: a section for each change, a line for the activities that share outcome and reason. */
export function renderPairs(): string {
  const sections = CHANGE_NAMES.map((change) => {
    const lines = Map.groupBy(ACTIVITY_NAMES, (activity) => describePair(change, activity));
    const { name, subject } = CHANGES[change];
    return [
      `## ${name} (a ${subject})`,
      '',
      '| while | outcome | reason |',
      '| --- | --- | --- |',
      ...[...lines].map(
        ([text, activities]) => `| ${activities.map((each) => ACTIVITIES[each].name).join(', ')} | ${text} |`,
      ),
    ].join('\n');
  });
  const count = `${CHANGE_NAMES.length} changes × ${ACTIVITY_NAMES.length} activities`;
  return `# What happens to somebody, while they are doing something\n\nGenerated from table.ts: ${count}.\n\n${sections.join('\n\n')}\n`;
}
