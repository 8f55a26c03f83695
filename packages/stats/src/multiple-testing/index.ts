export {
  adjustPValues,
  type Correction,
  type MultipleTesting,
  type MultipleTestingFlag,
} from './adjusted-p.ts';
