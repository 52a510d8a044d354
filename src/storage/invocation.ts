import { dirname, join, resolve } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * A command that goes on with these notes, whatever folder it is typed in. Who came by `npm start` may not have
 * the program on their path and is told the npm form.
 */
export function goOnCommand(
  notesPath: string,
  guideOption?: string,
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const home = npmHome(env)
  const usual = home !== undefined && notesPath === join(home, 'equity-notes.md') && guideOption === undefined
  const args = [
    '--notes',
    notesPath,
    ...(guideOption === undefined ? [] : ['--guide', anywhere(guideOption)]),
  ]
  return commandLine(usual ? [] : args, env, platform)
}

/** A name, or a file as it is called from any folder. */
export const anywhere = (word: string) => (/[\\/.]/.test(word) ? resolve(word) : word)

/** This program with these arguments, as somebody can type it. */
export function commandLine(
  args: readonly string[],
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const words = args.map(word => ` ${quoted(word, platform)}`).join('')
  const home = npmHome(env)
  if (home === undefined) return `pl-stories${words}`
  return `npm start --prefix ${quoted(home, platform)}${words === '' ? '' : ` --${words}`}`
}

/** The folder of the program, for whoever came by `npm start`. */
function npmHome(env: Environment): string | undefined {
  const underNpm = env.npm_lifecycle_event === 'start' && env.npm_package_name === 'pl-stories'
  return underNpm && env.npm_package_json ? dirname(env.npm_package_json) : undefined
}

/** A word as a shell reads it back: most people copy the line. */
function quoted(word: string, platform: NodeJS.Platform): string {
  if (/^[\w@%+=:,./\\-]+$/.test(word) && (platform === 'win32' || !word.includes('\\'))) return word
  return platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", `'\\''`)}'`
}
