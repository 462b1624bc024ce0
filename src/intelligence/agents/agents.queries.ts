import { and, desc, eq, inArray, lt, or, sql } from 'drizzle-orm';
import { holdFeature } from '../../identity/entitlements/index.ts';
import {
  changeVersioned,
  deleteVersioned,
  insertWithin,
  isBefore,
  mustHold,
  type Queries,
  type Statement,
} from '../../kernel/db/index.ts';
import { agentErrors } from './agents.errors.ts';
import { type Agent, agents, type AgentVersion, agentVersions } from './agents.tables.ts';

const MAX_AGENTS = 200;

/** Inserts an agent with its first version, if the plan of the organization has agents. */
export const insertAgent = (q: Queries, row: Agent, first: AgentVersion): Statement[] => [
  ...insertWithin(q, agents, row, { most: MAX_AGENTS, error: agentErrors.tooMany }),
  q.insert(agentVersions).values(first),
  holdFeature(q, { organizationId: row.organizationId, now: row.createdAt, feature: 'agents' }),
];

export const selectAgent = (q: Queries, organizationId: string, agentId: string) =>
  q
    .select()
    .from(agents)
    .where(and(eq(agents.organizationId, organizationId), eq(agents.id, agentId)));

/** An agent with its published version. */
export const selectPublishedAgent = (q: Queries, organizationId: string, agentId: string) =>
  q
    .select({ agent: agents, version: agentVersions })
    .from(agents)
    .innerJoin(
      agentVersions,
      and(eq(agentVersions.agentId, agents.id), eq(agentVersions.number, agents.activeVersion)),
    )
    .where(and(eq(agents.organizationId, organizationId), eq(agents.id, agentId)));

export const selectAgentsById = (q: Queries, organizationId: string, agentIds: readonly string[]) =>
  q
    .select()
    .from(agents)
    .where(and(eq(agents.organizationId, organizationId), inArray(agents.id, [...agentIds])));

/** For agents with the audience `managers`: only those of the author, unless `author` is null. */
export const isAgentShownTo = (author: string | null) =>
  author === null ? undefined : or(eq(agents.audience, 'organization'), eq(agents.author, author));

/**
 * Fails the commit unless the agent exists and the author may see it, see `restrictedAuthor`. Its row is locked: a
 * request that narrows its audience, or deletes it, waits.
 */
export const holdShownAgent = (
  q: Queries,
  organizationId: string,
  { agentId, author }: { agentId: string; author: string | null },
) =>
  mustHold(
    q,
    sql`exists (select from (select from ${agents} where ${and(
      eq(agents.organizationId, organizationId),
      eq(agents.id, agentId),
      isAgentShownTo(author),
    )} for share) locked)`,
    agentErrors.notFound,
  );

/** The newest first. */
export const selectAgents = (
  q: Queries,
  organizationId: string,
  author: string | null,
  { before, limit }: { before: string | undefined; limit: number },
) =>
  q
    .select()
    .from(agents)
    .where(
      and(eq(agents.organizationId, organizationId), isAgentShownTo(author), isBefore(agents.id, before)),
    )
    .orderBy(desc(agents.id))
    .limit(limit + 1);

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeAgent = (q: Queries, row: Agent, set: Partial<Agent>): Statement =>
  changeVersioned(q, agents, row, set);

/** Deletes an agent with its memories, and all that was derived from them. */
export const deleteAgentRow = (q: Queries, row: Agent): Statement[] => [
  lockAgent(q, row),
  q.execute(sql`select forget_memories_of_agent(${row.organizationId}, ${row.id})`),
  deleteVersioned(q, agents, row),
];

/** Waits for memories that are being stored for the agent, so that the deletion finds them. */
const lockAgent = (q: Queries, { organizationId, id }: Agent) =>
  q
    .select({ id: agents.id })
    .from(agents)
    .where(and(eq(agents.organizationId, organizationId), eq(agents.id, id)))
    .for('update');

/** Generations with which an agent is answering any person: its conversations are deleted with it. */
export const selectGenerationsOf = (q: Queries, organizationId: string, agentId: string) =>
  q.execute<{ generationId: string }>(sql`
    select m.generation_id as "generationId" from agent_messages m join agent_conversations c on c.id = m.conversation_id
    where c.organization_id = ${organizationId} and c.agent_id = ${agentId} and m.state = 'running' and m.generation_id is not null`);

export const insertVersion = (q: Queries, row: AgentVersion): Statement =>
  q.insert(agentVersions).values(row);

const isVersionOf = (organizationId: string, agentId: string) =>
  and(eq(agentVersions.organizationId, organizationId), eq(agentVersions.agentId, agentId));

export const selectVersion = (q: Queries, organizationId: string, agentId: string, number: number) =>
  q
    .select()
    .from(agentVersions)
    .where(and(isVersionOf(organizationId, agentId), eq(agentVersions.number, number)));

/** The newest first; one more than `limit`. */
export const selectAgentVersions = (
  q: Queries,
  organizationId: string,
  agentId: string,
  { before, limit }: { before: number | undefined; limit: number },
) =>
  q
    .select()
    .from(agentVersions)
    .where(
      and(
        isVersionOf(organizationId, agentId),
        before === undefined ? undefined : lt(agentVersions.number, before),
      ),
    )
    .orderBy(desc(agentVersions.number))
    .limit(limit + 1);
