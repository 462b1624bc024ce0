import type { ActionItem, SummaryContent } from './claims.rules.ts';

interface Headings {
  decisions: string;
  actionItems: string;
  openQuestions: string;
}

const ENGLISH: Headings = { decisions: 'Decided', actionItems: 'To do', openQuestions: 'Open' };
const HEADINGS: Readonly<Record<string, Headings>> = {
  de: { decisions: 'Beschlossen', actionItems: 'Zu tun', openQuestions: 'Offen' },
  es: { decisions: 'Decidido', actionItems: 'Por hacer', openQuestions: 'Pendiente' },
  fr: { decisions: 'Décidé', actionItems: 'À faire', openQuestions: 'En suspens' },
  it: { decisions: 'Deciso', actionItems: 'Da fare', openQuestions: 'In sospeso' },
  pt: { decisions: 'Decidido', actionItems: 'A fazer', openQuestions: 'Em aberto' },
};

function lineOf({ text, owner, due, dueOn }: ActionItem): string {
  const details = [owner, dueOn ?? due].filter((each) => each !== null);
  return details.length === 0 ? text : `${text} (${details.join(', ')})`;
}

const listOf = (heading: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`${heading}:\n${lines.map((line) => `- ${line}`).join('\n')}`];

/**
 * The draft of a mail, made only of the statements, so that it says only what the transcript says.
 * @param language of the headings; English if there are none in it
 */
export function followUpOf(
  { overview, decisions, actionItems, openQuestions }: SummaryContent,
  language: string | null,
): string {
  const headings = HEADINGS[language?.split('-')[0] ?? ''] ?? ENGLISH;
  const texts = (claims: readonly { text: string }[]) => claims.map(({ text }) => text);
  return [
    ...(overview.length === 0 ? [] : [texts(overview).join(' ')]),
    ...listOf(headings.decisions, texts(decisions)),
    ...listOf(headings.actionItems, actionItems.map(lineOf)),
    ...listOf(headings.openQuestions, texts(openQuestions)),
  ].join('\n\n');
}
