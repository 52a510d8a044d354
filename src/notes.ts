import { parseDocument } from "yaml";
import {
	type Answer,
	type Answers,
	answerTo,
	type State,
	stateOf,
	stored,
} from "./answers.ts";
import {
	type Problem,
	problemsError,
	type Source,
	UserError,
} from "./errors.ts";
import {
	type Element,
	type Guide,
	ID,
	partOf,
	type Question,
	type QuestionId,
} from "./guide.ts";

/*
 * The notes file as text in, text out. What stands between the marks is ours to read and to replace;
 * every other byte is the user's. A line that resembles a mark is made harmless with a backslash, one more
 * each time it is written and one fewer each time it is read, so that any text survives, our own marks included.
 */
const RESEMBLES = /^([ \t]*<!--[ \t]*)(\\*)(?=\/?(?:answer|jots)\b)/;
const ESCAPED = /^([ \t]*<!--[ \t]*)\\(?=\\*\/?(?:answer|jots)\b)/;
const OPEN_MARK = /^<!-- answer: (\S+?)( \(skipped\))? -->$/;

/** What the front matter says about how these notes are worked on. */
export interface FrontMatter {
	guide?: string;
	group?: string;
	order?: string;
	only?: string[];
}

/** Offsets into the text: of the line of the opening mark, of what stands between the marks, and of what follows. */
interface Span {
	open: number;
	from: number;
	to: number;
	end: number;
	line: number;
}

export interface Notes extends FrontMatter {
	source: Source;
	answers: Answers;
	/** The watching notes, one a line, as they stand. */
	jots: string;
	/** Whether there is anything that makes this file notes: a guide named in front, or a mark. */
	isNotes: boolean;
	problems: Problem[];
	spans: ReadonlyMap<QuestionId, Span>;
	jotsSpan?: Span;
	/** Offset of the first character after the front matter. */
	body: number;
}

/** Reads any text as notes. Never throws: what is wrong with the file stands in `problems`. */
export function readNotes(source: Source): Notes {
	const { text } = source;
	const front = readFrontMatter(text);
	const found = readMarks(text, front.body, front.bodyLine);
	const answers = new Map<QuestionId, Answer>();
	for (const [id, span] of found.spans) {
		const answer = stored(unescaped(text.slice(span.from, span.to)));
		answers.set(id, {
			text: answer,
			skipped: answer === "" && found.skipped.has(id),
		});
	}
	const { jotsSpan } = found;
	return {
		...front.fields,
		source,
		answers,
		jots: jotsSpan
			? stored(unescaped(text.slice(jotsSpan.from, jotsSpan.to)))
			: "",
		isNotes: front.fields.guide !== undefined || found.any,
		problems: [...front.problems, ...found.problems],
		spans: found.spans,
		...(jotsSpan && { jotsSpan }),
		body: front.body,
	};
}

/**
 * The notes, if they are sound and belong to the guide (any guide, if none is given).
 * @throws UserError with every problem and the way out. The file is not touched.
 */
export function requireSound(notes: Notes, guide?: Guide): Notes {
	const { source, problems } = notes;
	if (!notes.isNotes) {
		throw new UserError(
			`${source.name} is not a notes file: it names no guide and has no "answer" marks. It was left as it is. Choose another file with --notes.`,
		);
	}
	if (problems.length > 0) {
		throw problemsError(
			problems,
			source,
			"\nThe file was left as it is. Mend the lines above in any editor, then try again.",
		);
	}
	if (guide && notes.guide !== undefined && notes.guide !== guide.id) {
		throw new UserError(
			`${source.name} holds notes on the guide "${notes.guide}", not on "${guide.id}". Choose other notes with --notes, or the guide with --guide.`,
		);
	}
	return notes;
}

/** The ids that the notes answer and the guide does not know: kept where they are, and told of. */
export function strayIds(
	notes: Pick<Notes, "answers">,
	guide: Guide,
): QuestionId[] {
	const known = new Set(guide.questions.map((question) => question.id));
	return [...notes.answers.keys()].filter((id) => !known.has(id));
}

function readFrontMatter(text: string): {
	fields: FrontMatter;
	body: number;
	bodyLine: number;
	problems: Problem[];
} {
	const opening = /^\ufeff?---[ \t]*\r?\n/.exec(text)?.[0];
	const closing = opening
		? /(?:^|\n)---[ \t]*(?:\r?\n|$)/.exec(text.slice(opening.length))
		: null;
	if (!opening || !closing)
		return {
			fields: {},
			body: text.startsWith("\ufeff") ? 1 : 0,
			bodyLine: 1,
			problems: [],
		};
	const yaml = text.slice(opening.length, opening.length + closing.index);
	const body = opening.length + closing.index + closing[0].length;
	const bodyLine = text.slice(0, body).split("\n").length;
	const doc = parseDocument(yaml, { prettyErrors: false });
	const problems = doc.errors.map((error) => ({
		line: 1 + yaml.slice(0, error.pos[0]).split("\n").length,
		what: `the lines between the two "---" cannot be read: ${error.message}`,
	}));
	const fields =
		problems.length > 0 ? {} : fieldsOf(doc.toJS({ maxAliasCount: 0 }));
	return { fields, body, bodyLine, problems };
}

function fieldsOf(front: unknown): FrontMatter {
	if (typeof front !== "object" || front === null) return {};
	const { guide, group, order, only } = front as Record<string, unknown>;
	const word = (value: unknown) =>
		typeof value === "string" || typeof value === "number"
			? String(value)
			: undefined;
	const list = (Array.isArray(only) ? only : [only])
		.map(word)
		.filter((item) => item !== undefined);
	const fields = {
		guide: word(guide),
		group: word(group),
		order: word(order),
		...(list.length > 0 && { only: list }),
	};
	return Object.fromEntries(
		Object.entries(fields).filter(([, value]) => value !== undefined),
	);
}

interface Mark {
	kind: "answer" | "/answer" | "jots" | "/jots" | "malformed";
	id: QuestionId;
	skipped: boolean;
	from: number;
	end: number;
	line: number;
}

/** Every line that resembles a mark and has no backslash. A `malformed` one is text if it stands in an answer. */
function* marksIn(
	text: string,
	start: number,
	startLine: number,
): Generator<Mark> {
	let line = startLine;
	let counted = start;
	for (
		let at = text.indexOf("<!--", start);
		at !== -1;
		at = text.indexOf("<!--", at + 4)
	) {
		const from = Math.max(start, text.lastIndexOf("\n", at) + 1);
		const next = text.indexOf("\n", at);
		const end = next === -1 ? text.length : next + 1;
		const whole = text.slice(from, end).replace(/\r?\n$/, "");
		const resembling = RESEMBLES.exec(whole);
		if (resembling?.[2] !== "" || text.slice(from, at).trim() !== "") continue;
		for (
			let lf = text.indexOf("\n", counted);
			lf !== -1 && lf < from;
			lf = text.indexOf("\n", lf + 1)
		) {
			line++;
			counted = lf + 1;
		}
		yield { ...markOf(whole.replace(/^[ \t]+|[ \t]+$/g, "")), from, end, line };
	}
}

function markOf(line: string): Pick<Mark, "kind" | "id" | "skipped"> {
	const answer = OPEN_MARK.exec(line);
	if (answer?.[1] && ID.test(answer[1]))
		return { kind: "answer", id: answer[1], skipped: answer[2] !== undefined };
	const kind =
		line === "<!-- /answer -->"
			? "/answer"
			: line === "<!-- jots -->"
				? "jots"
				: line === "<!-- /jots -->"
					? "/jots"
					: "malformed";
	return { kind, id: "", skipped: false };
}

function readMarks(text: string, start: number, startLine: number) {
	const spans = new Map<QuestionId, Span>();
	const skipped = new Set<QuestionId>();
	const problems: Problem[] = [];
	let jotsSpan: Span | undefined;
	let current: Mark | undefined;
	let any = false;
	const named = (mark: Mark) =>
		mark.kind === "jots" ? "the jots" : `the answer to "${mark.id}"`;
	for (const mark of marksIn(text, start, startLine)) {
		const { line } = mark;
		if (mark.kind !== "malformed") any = true;
		if (mark.kind === "malformed") {
			if (!current)
				problems.push({
					line,
					what: "this looks like a mark but is not written like one",
					remedy:
						"Marks are <!-- answer: ID -->, <!-- /answer -->, <!-- jots --> and <!-- /jots -->, each alone on its line.",
				});
		} else if (mark.kind === "answer" || mark.kind === "jots") {
			if (current)
				problems.push({
					line: current.line,
					what: `${named(current)} has no end before line ${line}, where ${named(mark)} begins`,
					remedy: `Put <!-- /${current.kind} --> on a line of its own where it ends.`,
				});
			current = mark;
		} else if (!current || mark.kind !== `/${current.kind}`) {
			problems.push({
				line,
				what: `<!-- ${mark.kind} --> ends nothing here`,
				remedy:
					"Take the line out, or put the beginning mark back above the text.",
			});
		} else {
			const span = {
				open: current.from,
				from: current.end,
				to: mark.from,
				end: mark.end,
				line: current.line,
			};
			const before = current.kind === "jots" ? jotsSpan : spans.get(current.id);
			if (before)
				problems.push({
					line: span.line,
					what: `${named(current)} stands here a second time; it first stands in line ${before.line}`,
					remedy: "Keep one of the two; move what you want to keep into it.",
				});
			else if (current.kind === "jots") jotsSpan = span;
			else spans.set(current.id, span);
			if (current.skipped) skipped.add(current.id);
			current = undefined;
		}
	}
	if (current)
		problems.push({
			line: current.line,
			what: `${named(current)} has no end`,
			remedy: `Put <!-- /${current.kind} --> on a line of its own where it ends.`,
		});
	return { spans, skipped, problems, any, ...(jotsSpan && { jotsSpan }) };
}

/** The lines between two marks as the text they stand for. */
function unescaped(between: string): string {
	const lines = between.replace(/\n$/, "").split("\n");
	return lines
		.map((line) => line.replace(/\r$/, "").replace(ESCAPED, "$1"))
		.join("\n");
}

/** A text as the lines to stand between two marks; one empty line to write on where there is no text. */
function escaped(text: string, eol: string): string {
	return stored(text)
		.split("\n")
		.map((line) => harmless(line) + eol)
		.join("");
}

const harmless = (line: string) => line.replace(RESEMBLES, "$1$2\\");

/**
 * The text of the notes with this one answer in it. Nothing else changes, not a byte; if it says that already,
 * nothing changes at all. A question that the file lacks is inserted after its predecessor in the guide.
 */
export function withAnswer(
	notes: Notes,
	guide: Guide,
	id: QuestionId,
	answer: Answer,
): string {
	const { text } = notes.source;
	const wanted = {
		text: stored(answer.text),
		skipped: answer.skipped && stored(answer.text) === "",
	};
	const span = notes.spans.get(id);
	if (!span)
		return withAnswer(
			readNotes({ ...notes.source, text: withQuestion(notes, guide, id) }),
			guide,
			id,
			answer,
		);
	const now = answerTo(notes.answers, id);
	if (now.text === wanted.text && now.skipped === wanted.skipped) return text;
	const mark = text.slice(span.open, span.from);
	const eol = mark.endsWith("\r\n") ? "\r\n" : "\n";
	const newMark = mark.replace(
		/<!-- answer: .* -->/,
		openMark(id, wanted.skipped),
	);
	return (
		text.slice(0, span.open) +
		newMark +
		escaped(wanted.text, eol) +
		text.slice(span.to)
	);
}

/** The lines of the body with each answer as `said` puts it, without the marks; jots stand where they stood. */
export function withoutMarks(
	notes: Notes,
	said: (text: string, state: State) => string[],
): string[] {
	const { spans, jotsSpan, source, body, answers } = notes;
	const parts = [...spans].map(([id, span]) => ({
		span,
		lines: () => said(answerTo(answers, id).text, stateOf(answers, id)),
	}));
	if (jotsSpan)
		parts.push({ span: jotsSpan, lines: () => notes.jots.split("\n") });
	parts.sort((a, b) => a.span.open - b.span.open);
	const plain = (from: number, to: number) =>
		source.text
			.slice(from, to)
			.replace(/\n$/, "")
			.split("\n")
			.map((line) => line.replace(/\r$/, ""));
	const lines: string[] = [];
	let from = body;
	for (const { span, lines: between } of parts) {
		lines.push(...plain(from, span.open), ...between());
		from = span.end;
	}
	return [...lines, ...plain(from, source.text.length)];
}

/** The text of the notes with these jots, at the end of the file where there was no place for them. */
export function withJots(notes: Notes, jots: string): string {
	const { text } = notes.source;
	const span = notes.jotsSpan;
	if (!span)
		return withJots(
			readNotes({ ...notes.source, text: appended(text, jotsBlock()) }),
			jots,
		);
	if (stored(jots) === notes.jots) return text;
	const eol = text.slice(span.open, span.from).endsWith("\r\n") ? "\r\n" : "\n";
	return text.slice(0, span.from) + escaped(jots, eol) + text.slice(span.to);
}

function withQuestion(notes: Notes, guide: Guide, id: QuestionId): string {
	const { text } = notes.source;
	const at = guide.questions.findIndex((question) => question.id === id);
	const question = guide.questions[at];
	if (!question)
		throw new Error(`withAnswer: the guide has no question "${id}"`);
	const before = guide.questions
		.slice(0, at)
		.findLast(({ id }) => notes.spans.has(id));
	const sameSide =
		before &&
		before.kind === question.kind &&
		before.element === question.element;
	const block = [
		...(sameSide ? [] : [heading(question, guide), ""]),
		questionTitle(question),
		"",
		openMark(id, false),
		"",
		"<!-- /answer -->",
		"",
	];
	const end = before && notes.spans.get(before.id)?.end;
	return end === undefined ? appended(text, block) : inserted(text, end, block);
}

/** Under which heading a question stands that comes to a file without its section. */
function heading(question: Question, guide: Guide): string {
	return harmless(`### ${partOf(guide, question).join(" › ")}`);
}

function appended(text: string, block: string[]): string {
	return inserted(text, text.length, block);
}

function inserted(text: string, at: number, block: string[]): string {
	const eol = /\r\n/.test(text.slice(0, text.indexOf("\n") + 1))
		? "\r\n"
		: "\n";
	const before = text.slice(0, at);
	const gap =
		before === "" || /\n\r?\n$/.test(before)
			? ""
			: before.endsWith("\n")
				? eol
				: eol + eol;
	return (
		before + gap + block.map((line) => line + eol).join("") + text.slice(at)
	);
}

function openMark(id: QuestionId, skipped: boolean): string {
	return `<!-- answer: ${id}${skipped ? " (skipped)" : ""} -->`;
}

/** What a new notes file says of itself. `file` is its name without a folder. */
export interface Beginning {
	file: string;
	group?: string | undefined;
	order?: string | undefined;
	only?: readonly string[] | undefined;
}

/** The whole guide with empty answers: the form of every new notes file, to be filled in here or in any editor. */
export function blankNotes(
	guide: Guide,
	{ file, group, order, only }: Beginning,
): string {
	const front = [`guide: ${guide.id}`, "format: 1"];
	if (group) front.push(`group: ${JSON.stringify(group)}`);
	if (order) front.push(`order: ${order}`);
	if (only && only.length > 0) front.push(`only: ${JSON.stringify(only)}`);
	const lines = [
		...["---", ...front, "---", ""],
		...[howTo(file), ""],
		...[`# ${guide.title}: notes`, ""],
		...guideLines(
			guide,
			(id) => [openMark(id, false), "", "<!-- /answer -->", ""],
			jotsBlock(),
		),
	];
	return `${lines.join("\n").trimEnd()}\n`;
}

/** The whole guide below its title, as lines of Markdown, with `room` for an answer under each question. */
export function guideLines(
	guide: Guide,
	room: (id: QuestionId) => string[],
	jots: string[] = [],
): string[] {
	const { warmup, stories, action } = guide;
	const ask = (question: Question) => [
		questionTitle(question),
		"",
		...room(question.id),
	];
	const section = (part: typeof warmup) =>
		part.questions.length > 0
			? [...sectionBlock(part), ...part.questions.flatMap(ask)]
			: [];
	return [
		...(guide.subtitle ? [`**${guide.subtitle}**`, ""] : []),
		...spaced(guide.overview),
		...[sourceLine(guide), ""],
		...section(warmup),
		...sectionBlock(stories),
		...jots,
		...stories.elements.flatMap((element) => elementBlock(element, ask)),
		...section(action),
	];
}

const HOW_TO = 'Write between the "answer" marks and leave the marks.';

/** Whether a line is our own comment that tells a reader of the plain file where to write. */
export const isHowTo = (line: string) => line.startsWith(`<!-- ${HOW_TO}`);

function howTo(file: string): string {
	const safe =
		/^[\w. -]+$/.test(file) && !file.includes("--")
			? `To go on: pl-stories --notes ${/ /.test(file) ? `"${file}"` : file} `
			: "";
	return `<!-- ${HOW_TO} To skip a question, write (skipped) behind the id in its mark. ${safe}-->`;
}

export function sourceLine({ source }: Guide): string {
	return harmless(
		`*Published by the ${source.publisher}${source.url ? ` (<${source.url}>)` : ""}.${source.note ? ` ${source.note}` : ""}*`,
	);
}

const spaced = (paragraphs: readonly string[]) =>
	paragraphs.flatMap((paragraph) => [harmless(paragraph), ""]);

function sectionBlock({
	title,
	intro,
	links,
}: {
	title: string;
	intro: string[];
	links: { title: string; url: string }[];
}): string[] {
	const unnamed = links.filter(
		({ url }) => !intro.some((paragraph) => paragraph.includes(url)),
	);
	return [
		`## ${title}`,
		"",
		...spaced(intro),
		...spaced(unnamed.map(({ title, url }) => `${title}: <${url}>`)),
	];
}

function elementBlock(
	element: Element,
	ask: (question: Question) => string[],
): string[] {
	const side = (title: string, intro: string[], questions: Question[]) =>
		questions.length === 0
			? []
			: [`#### ${title}`, "", ...spaced(intro), ...questions.flatMap(ask)];
	return [
		...[`### ${element.title}`, ""],
		...spaced(element.framing),
		...side("The story", [], element.story),
		...side("Your PL system", element.leadIn, element.comparison),
	];
}

function questionTitle({ text, number, of }: Question): string {
	return harmless(
		`**${of > 1 ? `${number}. ` : ""}${text.replace(/\s*\n\s*/g, " ")}**`,
	);
}

function jotsBlock(): string[] {
	return ["<!-- jots -->", "", "<!-- /jots -->", ""];
}
