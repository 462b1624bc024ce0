import { exampleId } from '../../kernel/core/index.ts';
import type { AgentVersionView, AgentView } from './agents.schemas.ts';

export const definitionExample = {
  instructions: 'You help with questions about our products. Answer in two sentences.',
  model: 'claude-sonnet-5',
  fallbackModels: ['claude-haiku-4-5'],
  maxOutputTokens: 1_024,
  temperature: null,
  voice: null,
  seesScreens: false,
  memoryScopes: ['organization'],
  tools: [{ name: 'list_rooms', connectionId: null, confirm: false }],
} satisfies AgentVersionView['definition'];

export const createAgentExample = { name: 'Product help', definition: definitionExample };

export const agentExample: AgentView = {
  id: exampleId('agent'),
  name: 'Product help',
  description: '',
  enabled: true,
  audience: 'organization',
  activeVersion: 2,
  newestVersion: 2,
  author: exampleId('user'),
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};

export const agentVersionExample: AgentVersionView = {
  version: 2,
  definition: definitionExample,
  active: true,
  author: exampleId('user'),
  createdAt: '2026-01-05T09:30:00.000Z',
};
