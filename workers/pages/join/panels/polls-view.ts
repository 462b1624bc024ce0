import { byId, fromTemplate, queryWithin, setHidden, setText } from '../dom.ts';
import { KeyedList } from './keyed-list.ts';
import { isVotable, type Poll, type PollLog } from './poll-log.ts';

type PollOption = Poll['options'][number];

const describePoll = ({ status, anonymous, maxChoices, own }: Poll): string =>
  [
    status === 'closed' ? 'Closed' : maxChoices > 1 ? `Choose up to ${maxChoices}` : 'Choose one',
    anonymous && 'anonymous',
    own?.voted && 'you have voted',
  ]
    .filter(Boolean)
    .join(' · ');

const inputsOf = (item: HTMLElement) => [...item.querySelectorAll('input')];

/** The panel of polls: reads them, and votes. */
export class PollsView {
  readonly #polls: KeyedList<Poll>;
  readonly #options = new WeakMap<HTMLElement, KeyedList<PollOption>>();

  constructor(vote: (pollId: string, choices: string[]) => void) {
    this.#polls = new KeyedList<Poll>(
      byId('polls', HTMLUListElement),
      (poll) => this.#makePoll(poll, vote),
      (item, poll) => this.#showPoll(item, poll),
    );
  }

  show(polls: PollLog): void {
    setHidden(byId('no-polls', HTMLElement), polls.size > 0);
    this.#polls.sync(new Map([...polls].toReversed()));
    const open = [...polls.values()].filter((poll) => isVotable(poll) && !poll.own?.voted).length;
    const button = byId('toggle-polls', HTMLButtonElement);
    setText(queryWithin(button, 'span', HTMLElement), open > 0 ? `Polls (${open})` : 'Polls');
    button.classList.toggle('unread', open > 0);
  }

  #makePoll(poll: Poll, vote: (pollId: string, choices: string[]) => void): HTMLElement {
    const item = fromTemplate('poll-template');
    const form = queryWithin(item, 'form', HTMLFormElement);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const choices = inputsOf(item).flatMap(({ checked, value }) => (checked ? [value] : []));
      if (choices.length > 0) vote(poll.pollId, choices);
    });
    form.addEventListener('change', () => limitChoices(item, poll.maxChoices));
    const list = new KeyedList<PollOption>(
      queryWithin(item, '.options', HTMLElement),
      ({ optionId }) => makeOption(poll, optionId),
      (option, { text, votes }) => {
        setText(queryWithin(option, '.text', HTMLElement), text);
        setText(queryWithin(option, '.votes', HTMLElement), votes === null ? '' : String(votes));
      },
    );
    this.#options.set(item, list);
    for (const id of poll.own?.ownChoices ?? []) checkOption(item, poll, id);
    return item;
  }

  #showPoll(item: HTMLElement, poll: Poll): void {
    setText(queryWithin(item, '.question', HTMLElement), poll.question);
    setText(queryWithin(item, '.hint', HTMLElement), describePoll(poll));
    this.#options.get(item)?.sync(new Map(poll.options.map((option) => [option.optionId, option])));
    const total = Math.max(1, poll.voters ?? poll.options.reduce((sum, { votes }) => sum + (votes ?? 0), 0));
    for (const { optionId, votes } of poll.options) {
      const meter = item.querySelector<HTMLMeterElement>(`meter[data-option="${CSS.escape(optionId)}"]`);
      if (!meter) continue;
      setHidden(meter, votes === null);
      meter.max = total;
      meter.value = votes ?? 0;
    }
    const isFirst = !item.dataset.shown;
    if (isFirst || (poll.own?.voted && !item.dataset.voted))
      for (const id of poll.own?.ownChoices ?? []) checkOption(item, poll, id);
    item.dataset.shown = 'true';
    if (poll.own?.voted) item.dataset.voted = 'true';
    const votable = isVotable(poll);
    for (const input of inputsOf(item)) input.disabled = !votable;
    if (votable) limitChoices(item, poll.maxChoices);
    const button = queryWithin(item, 'button', HTMLButtonElement);
    setHidden(button, !votable);
    setText(button, poll.own?.voted ? 'Change vote' : 'Vote');
  }
}

function makeOption({ pollId, maxChoices }: Poll, optionId: string): HTMLElement {
  const option = fromTemplate('option-template');
  const input = queryWithin(option, 'input', HTMLInputElement);
  input.type = maxChoices > 1 ? 'checkbox' : 'radio';
  input.name = pollId;
  input.value = optionId;
  queryWithin(option, 'meter', HTMLMeterElement).dataset.option = optionId;
  return option;
}

function checkOption(item: HTMLElement, _poll: Poll, optionId: string): void {
  for (const input of inputsOf(item)) if (input.value === optionId) input.checked = true;
}

/** Once enough options are chosen, the others cannot be. */
function limitChoices(item: HTMLElement, maxChoices: number): void {
  const inputs = inputsOf(item);
  const isFull = maxChoices > 1 && inputs.filter(({ checked }) => checked).length >= maxChoices;
  for (const input of inputs) input.disabled = isFull && !input.checked;
}
