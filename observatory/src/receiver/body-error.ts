// Why a body could not be read to its end.

export type BodyProblem = 'tooLarge' | 'aborted' | 'unreadable' | 'overloaded';

export class BodyError extends Error {
  readonly problem: BodyProblem;

  constructor(problem: BodyProblem, message: string) {
    super(message);
    this.name = 'BodyError';
    this.problem = problem;
  }
}
