// Table of contents: what is wrong in a set of traces ("doctor").

// Asking
export { createDoctor, type Doctor, diagnose } from './doctor.ts';
export { DoctorError } from './doctor-error.ts';
// What it says
export { type Evidence, FINDING_CODES, type Finding, type FindingCode, type Severity } from './finding.ts';
export { type DoctorOptions, parseFindingCode } from './options.ts';
export { DEFAULT_THRESHOLDS, type Thresholds } from './thresholds.ts';
