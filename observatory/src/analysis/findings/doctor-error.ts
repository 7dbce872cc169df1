// The error of a doctor that was asked wrongly.

/** An option of the doctor does not exist or has an impossible value; the message names it and the cure. */
export class DoctorError extends Error {
  readonly code = 'ERR_LONGPOLE_DOCTOR_OPTION';

  constructor(message: string) {
    super(message);
    this.name = 'DoctorError';
  }
}
