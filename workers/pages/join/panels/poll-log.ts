import { type FrameOf, reduce, type Reducers, type RoomServerFrame } from '../frames.ts';

type LivePoll = FrameOf<'poll.opened'>['poll'];

/** A poll as the API shows it to the page's participant. */
export interface OwnPoll {
  id: string;
  options: { optionId: string; votes: number | null }[];
  changeable: boolean;
  voted: boolean;
  /** Null when they have not voted, or the poll is anonymous. */
  ownChoices: string[] | null;
}

export interface Poll extends LivePoll {
  own: OwnPoll | undefined;
}

/** In the order in which they were opened. */
export type PollLog = ReadonlyMap<string, Poll>;

const put = (log: PollLog, poll: LivePoll): PollLog =>
  new Map(log).set(poll.pollId, { ...poll, own: log.get(poll.pollId)?.own });

const putFrame = (log: PollLog, { poll }: { poll: LivePoll }) => put(log, poll);

const REDUCERS: Reducers<PollLog> = {
  welcome: (log, { state }) =>
    new Map(state.polls.map((poll) => [poll.pollId, { ...poll, own: log.get(poll.pollId)?.own }])),
  'poll.opened': putFrame,
  'poll.updated': putFrame,
  'poll.closed': putFrame,
};

/** The polls after one more frame. */
export const reducePolls = (log: PollLog, frame: RoomServerFrame): PollLog => reduce(REDUCERS, log, frame);

/** The polls with the votes of the participant, and the results that are visible only after voting. */
export function addOwnPolls(log: PollLog, own: readonly OwnPoll[]): PollLog {
  const byId = new Map(own.map((poll) => [poll.id, poll]));
  return new Map(
    [...log].map(([id, poll]) => {
      const found = byId.get(id);
      if (!found) return [id, poll];
      const votes = new Map(found.options.map((option) => [option.optionId, option.votes]));
      const options = poll.options.map((option) => ({
        ...option,
        votes: option.votes ?? votes.get(option.optionId) ?? null,
      }));
      return [id, { ...poll, options, own: found }];
    }),
  );
}

/** Whether the participant may vote now, for the first time or again. */
export const isVotable = ({ status, own }: Poll): boolean =>
  status === 'open' && (own === undefined || !own.voted || own.changeable);
