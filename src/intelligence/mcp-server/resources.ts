import {
  ProtocolError,
  ProtocolErrorCode,
  type Resource,
  type ResourceTemplateType,
} from '@modelcontextprotocol/server';
import { callTool, mayCall, type Tool } from '../../platform/tools/index.ts';
import type { McpFeatures, ToolArguments } from './features.ts';
import type { McpCaller } from './tool-features.ts';

/** A kind of resource: the result of a read-only tool, at an address. */
interface ResourceKind {
  template: ResourceTemplateType;
  tool: string;
  /** The arguments of the tool, beside those in the address. */
  args?: Readonly<Record<string, string>>;
}

const KINDS: readonly ResourceKind[] = [
  {
    template: {
      uriTemplate: 'auralink://rooms/{roomId}',
      name: 'room',
      title: 'Room',
      description: 'A room with its settings.',
      mimeType: 'application/json',
    },
    tool: 'get_room',
  },
  {
    template: {
      uriTemplate: 'auralink://calls/{callId}',
      name: 'call',
      title: 'Call',
      description: 'A call: when it was, how long, how many took part.',
      mimeType: 'application/json',
    },
    tool: 'get_call',
  },
  {
    template: {
      uriTemplate: 'auralink://rooms/{roomId}/recordings/{recordingId}',
      name: 'recording',
      title: 'Recording',
      description: 'A recording of a call: its state, length and size.',
      mimeType: 'application/json',
    },
    tool: 'get_recording',
  },
  {
    template: {
      uriTemplate: 'auralink://transcriptions/{transcriptionId}',
      name: 'transcript',
      title: 'Transcript',
      description: 'What was said, with its corrections, as text.',
      mimeType: 'text/plain',
    },
    tool: 'export_transcript',
    args: { format: 'txt' },
  },
];

/** The arguments in the address; undefined when it does not fit the template. */
function matchUri({ uriTemplate }: ResourceTemplateType, uri: string): Record<string, string> | undefined {
  const pattern = uriTemplate.replaceAll(
    /\{(\w+)\}/g,
    (_all, name: string) => `(?<${name}>[A-Za-z0-9_]{1,64})`,
  );
  return new RegExp(`^${pattern}$`).exec(uri)?.groups;
}

interface RoomPage {
  data: { id: string; name: string }[];
  nextCursor: string | null;
}

const toResource = ({ id, name }: RoomPage['data'][number]): Resource => ({
  uri: `auralink://rooms/${id}`,
  name: id,
  title: name,
  mimeType: 'application/json',
});

/** Rooms, calls, recordings and transcripts as resources. Each is read by a tool, so the same callers can read it. */
export function createResourceFeatures(
  tools: readonly Tool[],
  { ctx, request, dispatch }: McpCaller,
): McpFeatures {
  const find = (name: string) => tools.find((each) => each.name === name && mayCall(ctx.actor, each));
  const kinds = KINDS.filter(({ tool }) => find(tool) !== undefined);
  const call = (tool: Tool, args: ToolArguments) => callTool(ctx, { tool, args, request, dispatch });
  return {
    resourceTemplates: () => kinds.map(({ template }) => template),
    /** Only rooms are listed; the addresses of other resources are in the answers of tools. */
    async resources(cursor) {
      const tool = find('list_rooms');
      if (!tool || !find('get_room')) return { items: [] };
      const { failed, json } = await call(tool, { limit: 50, ...(cursor === undefined ? {} : { cursor }) });
      if (failed)
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The rooms cannot be listed.', json);
      const { data, nextCursor } = json as RoomPage;
      return { items: data.map(toResource), nextCursor: nextCursor ?? undefined };
    },
    /** A resource that does not exist, or that the caller may not see, is not found. */
    async readResource(uri) {
      for (const { template, tool, args } of kinds) {
        const found = matchUri(template, uri);
        if (!found) continue;
        const { failed, text } = await call(find(tool)!, { ...args, ...found });
        return failed ? undefined : { contents: [{ uri, mimeType: template.mimeType!, text }] };
      }
      return undefined;
    },
  };
}
