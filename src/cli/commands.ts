import type { Command } from 'commander'

/*
 * Every command and option, as data: long, because it is a list. A command's code is loaded when the command runs.
 */

/** Flags, or the name of an argument; what it is, and how a value is taken or what it is if nobody gives one. */
type Collecting = (value: string, before?: string[]) => string[]
export type OptionRow = readonly [flags: string, about: string, take?: Collecting]
export type ArgumentRow = readonly [name: string, about?: string, usual?: string]

export interface CommandRow {
  name: string
  alias?: string
  about: string
  /** One without a description is not shown. */
  takes?: readonly ArgumentRow[]
  options?: readonly OptionRow[]
  /** `words` are its arguments, one after the other; options are checked by whoever gets them. `all`: all commands. */
  run(words: string[], options: Record<string, never>, all: () => Command): Promise<number>
  examples: readonly (readonly [line: string, meaning: string])[]
}

/* What several commands have. */

const collect: Collecting = (value, before = []) => [...before, value]
const RECURSIVE: OptionRow = ['--recursive', 'include the subfolders of a folder']
const LABEL_FOLDER: OptionRow = ['--label-folder', "name each group by its file's folder"]
const OUTPUT: OptionRow = [
  '-o, --output <file>',
  'the file to write; its ending sets the format; - is standard output',
]
const REPLACE: OptionRow = ['--overwrite', 'replace a different file that is already there']
const ONLY: OptionRow = ['--only <part>', 'only this part, such as b or story; can be repeated', collect]
const BRIEF: OptionRow = ['--brief', 'one page for a site leader: what was discussed, actions, what is open']
const PAGE: OptionRow = ['--format <format>', 'markdown, html, docx or pdf (default: markdown)']
const HANDOUT_FORMAT: OptionRow = [
  '--format <format>',
  'markdown, html, docx, pdf, or csv for the headings of a form (default: markdown)',
]
const PER_GROUP: OptionRow = ['--per-group', 'one for each group of the plan, with its element']
const BY: OptionRow = ['--by <text>', 'a line under the title: who wrote it, and where']
const DATE: OptionRow = ['--date <text>', 'another: when']
const TITLE: OptionRow = ['--title <text>', "the title (default: the guide's)"]
const LABEL_COLUMN: OptionRow = ['--label-column <head>', 'the column of a table that names the groups']
const PRIVACY: OptionRow = ['--no-privacy-check', 'skip the check for student information']
const PLAN: ArgumentRow = ['[plan]', '45, 60, 90, 60-jigsaw, or your own file']

/** What every command has. chalk reads those of colors, and FORCE_COLOR, from the command line itself. */
export const COMMON: readonly OptionRow[] = [
  ['--notes <file>', 'your notes file (default: equity-notes.md in this folder)'],
  ['--guide <guide>', 'another guide: a file, or the name of an included one'],
  ['--accessible', 'plain lines, for screen readers (also: ACCESSIBLE=1)'],
  ['--color', 'use colors even where they would be left out'],
  ['--no-color', 'use no colors (also: NO_COLOR=1)'],
]

/** The commands, grouped by what people want to do. The first one runs where none is named. */
export const COMMANDS: Record<string, readonly CommandRow[]> = {
  'Work:': [
    {
      name: 'start',
      alias: 'resume',
      about: 'work through the guide, or pick up where you left off (also: resume)',
      options: [
        ONLY,
        ['--order <order>', 'guide, or watch-first: all story questions before the comparisons'],
        ['--editor <command>', 'the editor for Ctrl+O (default: $VISUAL, $EDITOR, or one that is installed)'],
        [
          '--answers <file>',
          'record these answers first: a filled-in handout, a table, notes, or data; a folder, or - for a pipe',
        ],
        ['--row <row>', 'which row of a table of responses, by number or by name'],
        LABEL_COLUMN,
        ['--overwrite', 'replace existing answers that differ'],
        [
          '--new-round',
          "keep these notes under today's date, and start new ones that follow up on their actions",
        ],
        ['--no-input', "don't prompt"],
      ],
      run: async (_, options) => (await import('../commands/start.ts')).start(options),
      examples: [
        ['pl-stories start --only b', 'only Element B, this time'],
        ['pl-stories start --new-round', 'next month: new notes, same actions'],
      ],
    },
    {
      name: 'status',
      about: 'see what is answered, skipped and open',
      options: [['--json', 'for other programs']],
      run: async (_, options) => (await import('../commands/view.ts')).status(options),
      examples: [['pl-stories status', 'where you are']],
    },
    {
      name: 'read',
      about: 'read the guide, your notes, or part of them',
      takes: [['[what]', 'guide, notes, or a part: warmup, a, story, a.story, a.story.2, action', 'notes']],
      run: async ([what = ''], options) => (await import('../commands/view.ts')).read(what, options),
      examples: [['pl-stories read a', 'your notes on Element A']],
    },
  ],
  'Share:': [
    {
      name: 'export',
      about: 'your notes as a document, a web page, a table, or data',
      takes: [['[format]', 'markdown, html, docx, pdf, csv, json or yaml (default: markdown)']],
      options: [
        ['--format <format>', 'the same, as an option'],
        OUTPUT,
        ['--layout <layout>', 'sequence, or compare: each story answer beside your own system'],
        BRIEF,
        ONLY,
        ['--jots', 'include the jots from the video'],
        ['--title <text>', 'the title (default: the title of your notes)'],
        BY,
        DATE,
        REPLACE,
        PRIVACY,
      ],
      run: async ([format], options) => (await import('../commands/export.ts')).exportNotes(format, options),
      examples: [
        ['pl-stories export docx', 'a Word file beside your notes'],
        ['pl-stories export -o t1.html --overwrite', 'a page, replacing the last one'],
        ['pl-stories export html --layout compare', 'the story beside your PL system'],
        ['pl-stories export docx --brief', 'one page for a site leader'],
        ['pl-stories export pdf --only b --jots', 'Element B with your jots'],
        ['pl-stories export docx --title May --by "Ana"', 'with your own title and name'],
        ['pl-stories export docx --date "May 9"', 'with the date'],
        ['pl-stories export csv > answers.csv', 'a table for a spreadsheet'],
        ['pl-stories export html --no-privacy-check', 'without the privacy check'],
        ['pl-stories export --format json -o -', 'for other programs'],
      ],
    },
    {
      name: 'combine',
      about: 'put many notes into one digest, question by question',
      takes: [['<file...>', 'notes, filled-in handouts, responses (.csv, .xlsx), or a folder with them']],
      options: [
        RECURSIVE,
        ['--label <name>', 'a name for the group of each file, in order; once per file', collect],
        LABEL_FOLDER,
        LABEL_COLUMN,
        ['--copies <copies>', 'copies that differ: groups, merge (both versions), or leave (out)'],
        ['--anonymous', 'without names, in a different order at each question'],
        ['--format <format>', 'markdown, html, docx, pdf, csv, json or yaml (default: markdown)'],
        OUTPUT,
        ['--layout <layout>', 'sequence, or compare: the story beside your PL system'],
        BRIEF,
        TITLE,
        BY,
        DATE,
        REPLACE,
        PRIVACY,
      ],
      run: async (files, options) => (await import('../commands/combine.ts')).combine(files, options),
      examples: [
        ['pl-stories combine table-*.md -o digest.docx', 'who said what, for Word'],
        ['pl-stories combine tables --anonymous', 'a whole folder, no names'],
        ['pl-stories combine a.md b.md --label A --label B', 'with your own names'],
        ['pl-stories combine */notes.md --label-folder', 'groups named by folder'],
        ['pl-stories combine spring --recursive', 'a folder and its subfolders'],
        ['pl-stories combine form.csv --label-column Team', 'responses of a form'],
        ['pl-stories combine tables --copies merge', 'both versions of a file'],
        ['pl-stories combine tables --layout compare', 'the story beside your system'],
        ['pl-stories combine tables --brief --title May', 'one page for a site leader'],
        ['pl-stories combine tables --by Oak --date May', 'lines under the title'],
        ['pl-stories combine tables --no-privacy-check', 'without the privacy check'],
        ['pl-stories combine tables -o d.html --overwrite', 'replacing the last page'],
        ['pl-stories combine tables --format csv', 'a table, one row per answer'],
      ],
    },
    {
      name: 'actions',
      about: 'who does what by when: the actions of your notes and of earlier rounds, by date',
      takes: [['[file...]', 'notes files, or a folder that holds them (default: your notes here)']],
      options: [
        ['--open', 'only what is neither done nor dropped'],
        RECURSIVE,
        LABEL_FOLDER,
        ['--format <format>', 'markdown, html, docx, csv, json or ics for a calendar (default: markdown)'],
        OUTPUT,
        REPLACE,
      ],
      run: async (files, options) => (await import('../commands/combine.ts')).actions(files, options),
      examples: [
        ['pl-stories actions --open', 'what is still to do'],
        ['pl-stories actions schools --recursive --label-folder', 'every school'],
        ['pl-stories actions -o due.ics --overwrite', 'for a calendar'],
        ['pl-stories actions --format csv', 'for a spreadsheet'],
      ],
    },
  ],
  'Lead:': [
    {
      name: 'facilitate',
      about: 'lead a room through a plan: steps, clock, and what each table says',
      takes: [PLAN],
      options: [
        ['--group <name...>', "the groups in the room (default: the plan's own)"],
        ['--until <time>', 'when you have to end, such as 4:30pm or 16:30'],
        ['--room', 'open the room page, for the projector; this screen is then for you'],
        ['--editor <command>', "the editor for a group's answers"],
      ],
      run: async ([plan], options) => (await import('../commands/lead.ts')).facilitate(plan, options),
      examples: [['pl-stories facilitate 60 --until 4:30pm', 'lead an hour that ends on time']],
    },
    {
      name: 'runsheet',
      about: 'a plan to print: clock times, what to say and ask, your own notes',
      takes: [PLAN],
      options: [['--at <time>', 'when you start, such as 3:30pm or 15:30'], PAGE, OUTPUT, REPLACE],
      run: async ([plan], options) => (await import('../commands/lead.ts')).runsheet(plan, options),
      examples: [
        ['pl-stories runsheet 60 --at 3:30pm', 'an hour, minute by minute'],
        ['pl-stories runsheet 60 -o hour.docx', 'to print'],
      ],
    },
    {
      name: 'handout',
      about: 'the blank guide, with room to write',
      takes: [['[plan]', 'only what this plan asks: 45, …, or your own file']],
      options: [ONLY, PER_GROUP, HANDOUT_FORMAT, OUTPUT, TITLE, REPLACE],
      run: async ([plan], options) => (await import('../commands/lead.ts')).handout(plan, options),
      examples: [
        ['pl-stories handout --format docx', 'a Word file to print'],
        ['pl-stories handout 60-jigsaw --per-group -o h.docx', 'one for each table'],
        ['pl-stories handout --format csv', 'headings for a form'],
        ['pl-stories handout --only b -o element-b.html', 'a page with only Element B'],
        ['pl-stories handout --title "Table 1" -o -', 'Markdown, for a pipe'],
        ['pl-stories handout -o handout.docx --overwrite', 'replacing the last one'],
      ],
    },
  ],
  'Script:': [
    {
      name: 'answer',
      about: 'record one answer without a prompt',
      takes: [
        ['<id>', 'the question, such as a.story.2 or 3 (pl-stories status lists them)'],
        ['[text]', 'the answer; if omitted or -, read from standard input'],
      ],
      options: [
        ['--append', 'add it below the answer'],
        ['--overwrite', 'replace the answer'],
      ],
      run: async ([id = '', text], options) =>
        (await import('../commands/answer.ts')).answer(id, text, options),
      examples: [['pl-stories answer warmup "Equity comes first."', 'one answer, without a prompt']],
    },
    {
      name: 'completion',
      about: 'Tab completion for commands, options and ids',
      takes: [['<shell>', 'bash, zsh, fish or powershell'], ['[words...]']],
      run: async ([shell = '', ...words], _, all) =>
        (await import('./completion.ts')).completion(shell, words, all()),
      examples: [
        ['pl-stories completion bash', 'shows how to turn it on in Bash'],
        ['source <(pl-stories completion zsh)', 'turns it on in this window (Zsh)'],
      ],
    },
  ],
  'Write guides:': [
    {
      name: 'new',
      about: 'start your own guide or plan',
      takes: [['<file>', 'the new file, such as my-guide.yaml; an existing file is never replaced']],
      options: [
        [
          '--from <guide>',
          'copy an included guide, such as equity, or draft one from a published document (.docx, .md, .txt)',
        ],
        ['--plan <plan>', 'copy this included plan, such as 60'],
      ],
      run: async ([path = ''], options) => (await import('../commands/new.ts')).newFile(path, options),
      examples: [
        ['pl-stories new my-guide.yaml', 'a guide to fill in'],
        ['pl-stories new our-equity.yaml --from equity', 'a copy of the equity guide'],
        ['pl-stories new data.yaml --from data-guide.docx', 'a draft of a published guide'],
        ['pl-stories new my-hour.yaml --plan 60', 'a copy of an included plan'],
      ],
    },
    {
      name: 'check',
      about: 'check guides, plans, answers and notes for problems',
      takes: [['<file...>', 'files, or a folder with them']],
      options: [RECURSIVE, ['--fix', 'fix broken marks in notes; the original is kept beside the file']],
      run: async (files, options) => (await import('../commands/check.ts')).check(files, options),
      examples: [
        ['pl-stories check my-guide.yaml', 'a guide: each problem with its line'],
        ['pl-stories check guides my-hour.yaml', 'all files in a folder, and a plan'],
        ['pl-stories check spring --recursive', 'a folder and its subfolders'],
        ['pl-stories check --fix my-notes.md', 'fix broken marks'],
      ],
    },
  ],
}
