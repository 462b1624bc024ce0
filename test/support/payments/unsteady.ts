/** Requests of the product to a provider that change something, which a test holds back, or whose answers it loses. */
export interface UnsteadyFetch {
  fetcher: typeof fetch;
  /** Holds back the next change. @returns what resolves when it has been sent, and what lets it arrive */
  hold(): { sent: Promise<void>; release(): void };
  /** Lets the next change arrive, and answers nothing from then on; or answers again. */
  loseAnswers(lost: boolean): void;
}

const isChange = (init: RequestInit | undefined) => (init?.method ?? 'GET') !== 'GET';

export function createUnsteadyFetch(): UnsteadyFetch {
  let held: { arrive(): void; released: Promise<void> } | undefined;
  let loses = false;
  let isSilent = false;
  return {
    async fetcher(input, init) {
      if (isSilent) throw new TypeError('there is no answer');
      if (!isChange(init)) return fetch(input, init);
      const [now] = [held];
      held = undefined;
      now?.arrive();
      await now?.released;
      const answer = await fetch(input, init);
      if (!loses) return answer;
      isSilent = true;
      await answer.arrayBuffer();
      throw new TypeError('the answer was lost');
    },
    hold() {
      const [sent, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      held = { arrive: sent.resolve, released: released.promise };
      return { sent: sent.promise, release: released.resolve };
    },
    loseAnswers(lost) {
      loses = lost;
      isSilent = false;
    },
  };
}
