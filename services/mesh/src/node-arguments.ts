// How a program of this repository is started: as it was built, or from its source.

export interface ProgramKind {
  /** True to run what `npm run build` made: quicker to start and 35 MB smaller a process than its source. */
  readonly isBuilt: boolean;
}

/** Arguments of node for the program `name` (its path below `src`, without extension) in the folder `room`. */
export function nodeArguments(room: string, name: string, { isBuilt }: ProgramKind): string[] {
  return isBuilt ? [`${room}/dist/${name}.js`] : ['--conditions=longpole-source', `${room}/src/${name}.ts`];
}
