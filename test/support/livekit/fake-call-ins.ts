import {
  type CallInApi,
  clusterErrors,
  type ClusterEntries,
  type DispatchRule,
  type InboundNumber,
} from '../../../src/calls/clusters/index.ts';

/** How a cluster misbehaves. */
export type CallInFault =
  | 'refuses'
  /** Creates, and its answer is lost. */
  | 'loses_answer'
  | 'unreachable';

/** What a cluster keeps by its own id for it. */
type Stored<Wanted> = Map<string, Wanted & { ref: string }>;

const isForSameNumber = (a: InboundNumber, b: InboundNumber) => a.number === b.number;
const isForSamePin = (a: DispatchRule, b: DispatchRule) =>
  a.pin === b.pin && a.trunkIds.some((id) => b.trunkIds.includes(id));

/** What a cluster knows of numbers and rules, without telephones. As the real one it refuses two for one number, or for one trunk and PIN. */
export class FakeCallIns implements CallInApi {
  fault: CallInFault | null = null;
  readonly storedNumbers: Stored<InboundNumber> = new Map();
  readonly storedRules: Stored<DispatchRule> = new Map();
  readonly numbers = this.#keep(this.storedNumbers, 'ST_', isForSameNumber);
  readonly rules = this.#keep(this.storedRules, 'SDR_', isForSamePin);
  #made = 0;

  #keep<Wanted extends { organizationId: string; id: string }>(
    stored: Stored<Wanted>,
    prefix: string,
    isSame: (a: Wanted, b: Wanted) => boolean,
  ): ClusterEntries<Wanted> {
    return {
      create: async (wanted) => {
        this.#enter();
        if (this.fault === 'refuses' || [...stored.values()].some((each) => isSame(each, wanted)))
          throw clusterErrors.refused();
        const ref = `${prefix}${++this.#made}`;
        stored.set(ref, { ...wanted, ref });
        if (this.fault === 'loses_answer') throw clusterErrors.unavailable();
        return ref;
      },
      replace: async (ref, wanted) => {
        this.#enter();
        if (!stored.has(ref)) return false;
        stored.set(ref, { ...wanted, ref });
        return true;
      },
      remove: async (ref) => {
        this.#enter();
        stored.delete(ref);
      },
      list: async () => {
        this.#enter();
        return [...stored.values()];
      },
    };
  }

  #enter(): void {
    if (this.fault === 'unreachable') throw clusterErrors.unavailable();
  }
}
