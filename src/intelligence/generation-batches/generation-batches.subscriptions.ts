import { organizationDeleted } from '../../identity/organizations/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { aiBudgetChanged } from '../ai-budgets/index.ts';
import { cutBatches, endBatchesOfOrganization } from './change-batch.ts';

export const batchSubscriptions: readonly Subscription[] = [
  subscribe(aiBudgetChanged, 'generation-batches.cut', cutBatches),
  subscribe(organizationDeleted, 'generation-batches.end', endBatchesOfOrganization),
];
