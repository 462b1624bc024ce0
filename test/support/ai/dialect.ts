import type { IncomingHttpHeaders } from 'node:http';
import type { Fault } from './faults.ts';
import type { ScriptedAnswer } from './scripted-answer.ts';

/** The events of an answer, each as it is sent; `pieces` of text are events of their own. */
export interface AnswerEvents {
  start: string;
  blocks: string[];
  /** How many of the blocks come before the text piece of this number. */
  blocksBefore(piece: number): number;
  end: string;
}

/** The API of a provider, as far as a stand-in speaks it. */
export interface Dialect {
  keyOf(headers: IncomingHttpHeaders): string | undefined;
  /** How a key that is not the right one is refused. */
  refusedKey: Extract<Fault, { kind: 'status' }>;
  isListOfModels(path: string): boolean;
  /** The answer to a question for the tokens of a request; undefined for any other. */
  countOf?(path: string): object | undefined;
  /** The model that a request asks. */
  modelOf(path: string, body: unknown): string;
  /** The body of an error, also within an answer. */
  error(fault: { status?: number; type?: string; message?: string; retryAfterSeconds?: number }): object;
  answer(model: string, id: string, answer: ScriptedAnswer, fault: Fault | undefined): AnswerEvents;
  /** An event with this data in the middle of an answer. */
  event(data: string, isError: boolean): string;
}

/** Where the text piece of a number is among blocks. */
export const blocksBefore = (blocks: readonly string[], isText: (block: string) => boolean) => {
  return (piece: number): number => {
    let seen = 0;
    const at = blocks.findIndex((each) => isText(each) && seen++ === piece);
    return at === -1 ? blocks.length : at;
  };
};
