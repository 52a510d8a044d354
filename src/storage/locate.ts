import { dirname, join, resolve } from 'node:path'
import { UserError } from '../domain/errors.ts'
import type { Guide } from '../domain/guide.ts'
import { asksAll, guideAsked, questionsBeside } from '../notes/guide-text.ts'
import { type Notes, requireSound } from '../notes/notes.ts'
import { asOnDisk } from './atomic-file.ts'
import { allGuidesNear, FIRST_GUIDE, findGuide, findPlan, type GuideFile, type PlanFile } from './catalog.ts'
import { readNotesFile } from './notes-file.ts'
import { homeFolder } from './state.ts'

/** What can be said on a command line. Every command takes the first three, and of the others its own. */
export interface Options {
  notes?: string
  guide?: string
  accessible?: boolean
  /* Which questions, in which order, with which answers. */
  only?: string[]
  order?: string
  answers?: string
  row?: string
  labelColumn?: string
  append?: boolean
  /** Puts the notes beside and begins new ones. */
  newRound?: boolean
  /** False: nobody is asked. */
  input?: boolean
  editor?: string
  /* What comes out, and where it goes. */
  format?: string
  output?: string
  overwrite?: boolean
  json?: boolean
  layout?: string
  brief?: boolean
  title?: string
  by?: string
  date?: string
  jots?: boolean
  open?: boolean
  privacyCheck?: boolean
  /* Many files, and whose they are. */
  recursive?: boolean
  label?: string[]
  labelFolder?: boolean
  anonymous?: boolean
  copies?: string
  fix?: boolean
  /* Plans and new files. */
  group?: string[]
  until?: string
  room?: boolean
  at?: string
  perGroup?: boolean
  from?: string
  plan?: string
}

export interface NotesContext {
  /** Absolute. */
  path: string
  guide: Guide
  /** The notes there; undefined if there are none yet. */
  notes?: Notes
  /** The files that all this comes from, which no result replaces. */
  inputs: string[]
}

/** The path of the notes that are asked for; else of those on the guide of this short name, in this folder. */
export function notesPath(asked: string | undefined, name: string): string {
  if (asked === '-' || asked === '')
    throw new UserError('--notes names a file on your disk, such as --notes equity-notes.md.')
  if (asked !== undefined) assureMarkdown(asked)
  return asked === undefined ? join(process.cwd(), `${name}-notes.md`) : asOnDisk(resolve(asked))
}

/** A slip would else become a strange new file, which nobody finds again. */
function assureMarkdown(asked: string): void {
  if (asked === '~' || asked.startsWith('~/'))
    throw new UserError(
      `The ~ in ${asked} was not expanded to your home folder (quotes and = prevent that). Use the full path: --notes ${join(homeFolder() ?? '/home/you', asked.slice(1))}`,
    )
  if (/\.docx?$/i.test(asked))
    throw new UserError(
      `${asked} is a Word file, and notes are Markdown. Name a Markdown file, such as --notes ${asked.replace(/\.docx?$/i, '.md')}; pl-stories export docx makes a Word file of it.`,
    )
}

/** Which guide is meant, even where its notes are damaged: they are not needed. */
export const locateGuide = (options: Options): Promise<NotesContext> => contextOf(options, 2, false)

/** The plan that is meant; one that names no guide is for the one of the notes. */
export const locatePlan = (asked: string, options: Options): Promise<PlanFile> =>
  findPlan(asked, options.guide, async () => (await locateGuide(options)).guide)

/**
 * Which notes and which guide are meant. Who is going to write asks for exit code 3 if the notes are unreadable.
 * @throws UserError if the notes are not sound, or are notes of another guide than the one asked for.
 */
export async function locate(options: Options, unreadable: 2 | 3 = 2): Promise<NotesContext> {
  const { notes, ...context } = await contextOf(options, unreadable, true)
  return notes ? { ...context, notes: requireSound(notes, context.guide) } : context
}

async function contextOf({ notes: asked, guide: wanted }: Options, unreadable: 2 | 3, needed: boolean) {
  const named = wanted === undefined ? undefined : await findGuide(wanted)
  const path = notesPath(asked, named?.guide.name ?? FIRST_GUIDE)
  const notes = needed || !named ? await readNotesFile(path, unreadable) : undefined
  const { guide, path: file } = await guideOfNotes(path, notes, named)
  return { path, guide, inputs: [path, file], ...(notes && { notes }) }
}

/** Where notes are needed and there are none. `or`: what else the person could do. */
export const noNotes = (path: string, or: string) =>
  new UserError(`There are no notes yet at ${path}. Start them with pl-stories, or ${or}`)

/**
 * The guide of notes: the one asked for, else the one that they name. Where a tool has taken that name out, it is the
 * guide whose questions stand above the answers.
 * @throws UserError if those are the questions of another guide than the one asked for, or of none here.
 */
export async function guideOfNotes(path: string, notes: Notes | undefined, asked?: GuideFile) {
  if (!notes || notes.guide !== undefined) return asked ?? findGuide(undefined, path, notes?.guide)
  const beside = questionsBeside(notes)
  const first = asked ?? (await findGuide(undefined))
  if (asksAll(first.guide, beside)) return first
  const all = [first, ...(await allGuidesNear(dirname(path)))]
  const guides = all.map(({ guide }) => guide)
  const meant = guideAsked(beside, guides)
  const found = all.find(({ guide }) => guide === meant)
  if (found && (!asked || found === asked)) return found
  if (found)
    throw new UserError(
      `${path} holds the questions of the guide "${found.guide.id}", not of "${first.guide.id}". Choose other notes with --notes, or the guide with --guide.`,
    )
  if (asked) return asked
  throw new UserError(
    `${path} doesn't say which guide it belongs to, and its questions are not those of a guide here. Name its guide with --guide, or write at the top of the file:\n---\nguide: ID\n---`,
  )
}

/**
 * A command that goes on with these notes, whatever folder it is typed in. Who came by `npm start` may not have
 * the program on their path and is told the npm form.
 */
export function goOnCommand(
  notesPath: string,
  guideOption?: string,
  env = process.env,
  platform = process.platform,
): string {
  const home = npmHome(env)
  const usual = home !== undefined && notesPath === join(home, 'equity-notes.md') && guideOption === undefined
  const guide = guideOption === undefined ? [] : ['--guide', anywhere(guideOption)]
  return commandLine(usual ? [] : ['--notes', notesPath, ...guide], env, platform)
}

/** A name, or a file as it is called from any folder. */
export const anywhere = (word: string) => (/[\\/.]/.test(word) ? resolve(word) : word)

/** This program with these arguments, as somebody can type it in any folder. */
export function commandLine(args: readonly string[], env = process.env, platform = process.platform): string {
  const words = args.map(word => ` ${quoted(word, platform)}`).join('')
  const home = npmHome(env)
  if (home === undefined) return `${programName(env, platform)}${words}`
  return `npm start --prefix ${quoted(home, platform)}${words === '' ? '' : ` --${words}`}`
}

/** How the program was called: by its name, as a single executable file, or through a package manager. */
function programName(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (env.PL_STORIES_EXECUTABLE) return quoted(env.PL_STORIES_EXECUTABLE, platform)
  const { npm_command: verb, npm_lifecycle_event: script, npm_config_user_agent: agent = '', INIT_CWD } = env
  const manager = agent.split('/')[0]
  const place = INIT_CWD === undefined ? undefined : quoted(INIT_CWD, platform)
  if (script === 'npx' || script === 'bunx') return `${script} pl-stories`
  if (script !== undefined) return 'pl-stories'
  if (manager === 'deno') return 'deno run -A npm:pl-stories'
  if (manager === 'pnpm') return verb === 'dlx' ? 'pnpm dlx pl-stories' : `pnpm -C ${place} exec pl-stories`
  if (manager === 'yarn')
    return /[\\/]dlx-\d+$/.test(INIT_CWD ?? '') ? 'yarn dlx pl-stories' : `yarn --cwd ${place} pl-stories`
  return 'pl-stories'
}

/** The folder of the program, for whoever came by `npm start`. */
function npmHome(env: NodeJS.ProcessEnv): string | undefined {
  const underNpm = env.npm_lifecycle_event === 'start' && env.npm_package_name === 'pl-stories'
  return underNpm && env.npm_package_json ? dirname(env.npm_package_json) : undefined
}

/** A word as a shell reads it back: most people copy the line. */
function quoted(word: string, platform: NodeJS.Platform): string {
  if (/^[\w@%+=:,./\\-]+$/.test(word) && (platform === 'win32' || !word.includes('\\'))) return word
  return platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", `'\\''`)}'`
}
