// Why the mesh can't run: one line that names the thing and the cure, and the exit code.

export const EXIT_FAILED = 1;
export const EXIT_BAD_ENVIRONMENT = 2;

export class MeshError extends Error {
  override readonly name = 'MeshError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT_FAILED) {
    super(message);
    this.exitCode = exitCode;
  }
}
