import type { RecognitionRef, Recognitions } from '../src/intelligence/recognitions/index.ts';
import { reach } from './reach.ts';
import { readRefusal } from './stubs.ts';

/** One object for each recognition. */
export function createRecognitions(namespace: Env['LIVE_RECOGNITION']): Recognitions {
  const call = <T>(answer: Promise<T>) => reach('the recognition', answer);
  const getStub = ({ organizationId, recognitionId }: RecognitionRef) =>
    namespace.getByName(`${organizationId}|${recognitionId}`);
  return {
    begin: (plan) => call(getStub(plan).begin(plan)),
    renew: (ref, asker) => call(getStub(ref).renew(asker)),
    end: (ref, asker) => call(getStub(ref).end(asker)),
    async connect(request, ref) {
      const answer = await call(getStub(ref).fetch(request));
      if (answer.status !== 101) throw readRefusal(await answer.json());
      return answer;
    },
  };
}
