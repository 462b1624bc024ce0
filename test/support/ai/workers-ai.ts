import type { WorkersAiBinding } from '../../../src/intelligence/providers/cloudflare/index.ts';
import { completionsDialect } from './completions-answer.ts';
import type { Dialect } from './dialect.ts';
import { STAND_IN_KEY } from './stand-in.ts';

/** What is behind the binding `AI`: Chat Completions, with errors of its own; `type` is the code of one. */
export const workersAiDialect: Dialect = {
  ...completionsDialect,
  keyOf: () => STAND_IN_KEY,
  error: (fault) => {
    const { type = '5004', message: description = 'refused' } = fault;
    const isCode = /^\d+$/.test(type);
    return isCode
      ? { internalCode: Number(type), name: 'InferenceUpstreamError', description }
      : completionsDialect.error(fault);
  },
};

/** The binding `AI` over a stand-in of what is behind it: it hands on the body of an answer, and throws what is no success. */
export const createAiBinding = (url: string): WorkersAiBinding => ({
  async run(model, inputs, { signal }) {
    const response = await fetch(`${url}/run/${model}`, {
      method: 'POST',
      body: JSON.stringify(inputs),
      redirect: 'manual',
      ...(signal && { signal }),
    });
    if (response.ok) return response.body;
    const failed: { internalCode?: number; description?: string } = await response.json();
    throw new Error(`${failed.internalCode}: ${failed.description}`);
  },
});
