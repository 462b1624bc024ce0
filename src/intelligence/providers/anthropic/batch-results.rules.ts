import type { ContentBlock, Message } from '@anthropic-ai/sdk/resources/messages/messages';
import type { MessageBatchIndividualResponse } from '@anthropic-ai/sdk/resources/messages/batches';
import type { BatchResult, ChatPart } from '../index.ts';
import { stopReasonOf, usageOf } from './answers.rules.ts';

const MAX_MESSAGE = 500;

/** @throws TypeError for anything else */
function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('not a text');
  return value;
}

/** Newer kinds of blocks are skipped, as in streams. */
function partsOf(block: ContentBlock): ChatPart[] {
  const { type } = block;
  if (type === 'text') return block.text === '' ? [] : [{ type, text: textOf(block.text) }];
  if (type === 'thinking')
    return [{ type, text: textOf(block.thinking), signature: textOf(block.signature) }];
  if (type === 'tool_use')
    return [{ type: 'tool_call', id: textOf(block.id), name: textOf(block.name), input: block.input }];
  return [];
}

function succeeded({ content, stop_reason: reason, usage }: Message): BatchResult {
  return {
    kind: 'succeeded',
    output: content.flatMap(partsOf),
    stopReason: stopReasonOf(reason),
    usage: usageOf(usage),
  };
}

function resultOf({ result }: MessageBatchIndividualResponse): BatchResult {
  switch (result.type) {
    case 'succeeded':
      return succeeded(result.message);
    case 'errored': {
      const { type, message } = result.error.error;
      return { kind: 'errored', errorType: textOf(type), message: textOf(message).slice(0, MAX_MESSAGE) };
    }
    case 'canceled':
    case 'expired':
      return { kind: result.type };
    default:
      return { kind: 'unreadable' };
  }
}

/** A line of the results. What is no result of a request is `unreadable`, and stops nothing. */
export function readResult(line: string | null): { customId: string | null; result: BatchResult } {
  let customId: string | null = null;
  try {
    const response = JSON.parse(line ?? '') as MessageBatchIndividualResponse;
    customId = textOf(response.custom_id);
    return { customId, result: resultOf(response) };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    return { customId, result: { kind: 'unreadable' } };
  }
}
