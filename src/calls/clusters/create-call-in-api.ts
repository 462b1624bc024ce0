import { createTracedFetch } from '../../platform/observability/index.ts';
import type { CallInApi, ClusterEntries, DispatchRule, InboundNumber } from './phones.ports.ts';
import { clusterErrors } from './clusters.errors.ts';
import type { MediaApiOptions } from './create-media-api.ts';
import { createTwirpClient, loadSdk, parseAnswer } from './create-twirp-client.ts';
import { toStorableText } from './livekit-objects.rules.ts';

/** The name by which a cluster stores something of ours; several installations may have theirs at one cluster. */
const labelOf = ({ organizationId, id }: { organizationId: string; id: string }) => `${organizationId}/${id}`;

/** What a name says; empty for a name of others. */
function readLabel(label: string): { organizationId: string; id: string } {
  const [, organizationId = '', id = ''] = /^(org_[a-z0-9]{26})\/([a-z]+_[a-z0-9]{26})$/.exec(label) ?? [];
  return { organizationId, id };
}

function toTrunk(wanted: InboundNumber) {
  const { number, allowedNetworks, credentials, maxSeconds } = wanted;
  return {
    name: labelOf(wanted),
    numbers: [number],
    allowed_addresses: allowedNetworks,
    auth_username: credentials?.username ?? '',
    auth_password: credentials?.password ?? '',
    max_call_duration: `${maxSeconds}s`,
  };
}

const toRule = (wanted: DispatchRule) => ({
  name: labelOf(wanted),
  trunk_ids: wanted.trunkIds,
  rule: { dispatch_rule_direct: { room_name: wanted.room, pin: wanted.pin } },
  // Otherwise everybody in the call would see the number of the caller.
  hide_phone_number: true,
  attributes: wanted.attributes,
});

/** How LiveKit names the requests about one kind of thing, and their fields. */
const KINDS = {
  trunk: {
    create: 'CreateSIPInboundTrunk',
    update: 'UpdateSIPInboundTrunk',
    remove: 'DeleteSIPTrunk',
    list: 'ListSIPInboundTrunk',
    field: 'trunk',
    ref: 'sip_trunk_id',
  },
  rule: {
    create: 'CreateSIPDispatchRule',
    update: 'UpdateSIPDispatchRule',
    remove: 'DeleteSIPDispatchRule',
    list: 'ListSIPDispatchRule',
    field: 'dispatch_rule',
    ref: 'sip_dispatch_rule_id',
  },
} as const;

/** Reads a trunk or a rule. */
async function createReader(kind: keyof typeof KINDS) {
  const { SIPInboundTrunkInfo, SIPDispatchRuleInfo } = await loadSdk();
  const options = { ignoreUnknownFields: true };
  const read = (item: unknown) => {
    if (kind === 'rule') return SIPDispatchRuleInfo.fromJson(item as never, options);
    const { sipTrunkId: sipDispatchRuleId, name } = SIPInboundTrunkInfo.fromJson(item as never, options);
    return { sipDispatchRuleId, name };
  };
  return (item: unknown) =>
    parseAnswer(kind, () => {
      const { sipDispatchRuleId, name } = read(item);
      return { ref: toStorableText(sipDispatchRuleId), ...readLabel(name) };
    });
}

function createEntries<Wanted>(
  { cluster, breaker, trace, fetcher }: MediaApiOptions,
  kind: keyof typeof KINDS,
  toMessage: (wanted: Wanted) => object,
): ClusterEntries<Wanted> {
  const methods = KINDS[kind];
  const traced = trace ? createTracedFetch(trace, 'livekit', fetcher) : fetcher;
  const request = createTwirpClient(cluster, breaker, traced);
  const send = (method: string, body: object, retryable: boolean) =>
    request({ service: 'SIP', method, grant: {}, sipGrant: { admin: true }, body, retryable });
  return {
    async create(wanted) {
      const answer = await send(methods.create, { [methods.field]: toMessage(wanted) }, false);
      // A cluster without a telephone line knows no such request.
      if (answer === undefined) throw clusterErrors.refused();
      return (await createReader(kind))(answer).ref;
    },
    async replace(ref, wanted) {
      const body = { [methods.ref]: ref, replace: toMessage(wanted) };
      return (await send(methods.update, body, true)) !== undefined;
    },
    remove: async (ref) => void (await send(methods.remove, { [methods.ref]: ref }, true)),
    async list() {
      const answer = (await send(methods.list, {}, true)) as { items?: unknown[] } | undefined;
      return (answer?.items ?? []).map(await createReader(kind));
    },
  };
}

/** Creates the client for the telephone calls that come in at a cluster; see `CallInApi`. */
export const createCallInApi = (options: MediaApiOptions): CallInApi => ({
  numbers: createEntries(options, 'trunk', toTrunk),
  rules: createEntries(options, 'rule', toRule),
});
