// Table of contents: every check of the doctor, in the order of `docs/findings.md`.
import type { CheckKind } from '../check.ts';
import { missingAttributes } from './missing-attributes.ts';

export const CHECKS: readonly CheckKind[] = [missingAttributes];
