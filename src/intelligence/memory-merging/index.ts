export { mergeSame } from './merge-same.ts';
