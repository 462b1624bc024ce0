import type { AgentVersionView, AgentView } from './agents.schemas.ts';
import type { Agent, AgentVersion } from './agents.tables.ts';

export const presentAgent = (row: Agent): AgentView => ({
  id: row.id,
  name: row.name,
  description: row.description,
  enabled: row.enabled,
  audience: row.audience,
  activeVersion: row.activeVersion,
  newestVersion: row.newestVersion,
  author: row.author,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

export const presentVersion = (row: AgentVersion, { activeVersion }: Agent): AgentVersionView => ({
  version: row.number,
  definition: { temperature: null, voice: null, seesScreens: false, tools: [], ...row.definition },
  active: row.number === activeVersion,
  author: row.author,
  createdAt: row.createdAt.toISOString(),
});
