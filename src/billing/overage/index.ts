export { includedQuantity } from './included.rules.ts';
