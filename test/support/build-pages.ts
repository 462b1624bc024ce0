import { buildPages } from '../../workers/local/pages.ts';

/** Bundles what the Worker serves to browsers, which a new checkout does not have. */
export default (): Promise<void> => buildPages();
