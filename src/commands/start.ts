import { type Answers, count, words } from "../answers.ts";
import { didYouMean, printable, UserError } from "../errors.ts";
import { notesDocument, partDocument } from "../export/markdown.ts";
import { chooseEditor, editText } from "../faces/editor.ts";
import { pipedLines, typedLines } from "../faces/line-input.ts";
import { linesFace } from "../faces/lines.ts";
import type { Sitting } from "../faces/sitting.ts";
import {
	DraftFile,
	type LeftDraft,
	leftDrafts,
	removeDraft,
} from "../files/drafts.ts";
import { assureWritable, besides, realTarget } from "../files/durable.ts";
import { goOnCommand } from "../files/invocation.ts";
import { type Common, type Located, locate } from "../files/locate.ts";
import { notesFile, readNotesFile, saveAnswer } from "../files/notes.ts";
import { type Question, select } from "../guide.ts";
import { requireSound } from "../notes.ts";
import {
	type Desk,
	type Draft,
	type Face,
	inOrder,
	ORDERS,
	type Order,
	walk,
} from "../walk.ts";

export interface StartOptions extends Common {
	order?: string;
	only?: string[];
	editor?: string;
}

/** A face with a beginning and an end. */
export interface OpenFace extends Face {
	/** Whether the input ended, so that nobody chose to leave. */
	inputEnded(): boolean;
	close(): Promise<void>;
}

/** Leads a person through the guide and saves their answers as they go. */
export async function start(options: StartOptions): Promise<number> {
	const located = await locate(options);
	const { path, guide, notes } = located;
	const order = inOrder(guide, orderOf(options.order ?? notes?.order));
	const route = routeOf(order, located, options.only ?? notes?.only ?? []);
	await assureWritable(path);
	const target = await realTarget(path);
	const desk = deskOf(located, options);
	const drafts = new DraftFile(target);
	const sitting = beginSitting(located, drafts, target, options.editor);
	const face = await chooseFace(sitting, options.accessible ?? false);
	try {
		const draft = resume(
			leftDrafts(target),
			route,
			await desk.answers(),
			drafts,
		);
		await walk({
			guide,
			order,
			route,
			desk,
			face: remembering(face, drafts),
			draft,
			fresh: !notes,
		});
		await face.close();
		const { open, answered, skipped } = count(route, await desk.answers());
		const nobody = face.inputEnded() && answered + skipped === 0;
		if (nobody) sayNobody(path);
		else
			process.stdout.write(
				`\nYour notes are in ${path}\nTo go on: ${goOnCommand(path, options.guide)}\n`,
			);
		return sitting.exitCode() ?? (face.inputEnded() && open > 0 ? 1 : 0);
	} catch (error) {
		await face.close();
		rescue(drafts);
		throw error;
	} finally {
		sitting.end();
	}
}

function sayNobody(path: string): void {
	process.stderr.write(
		`\nThe input ended before anything was answered, so nothing was written. Your notes would be in ${path}\n` +
			"To answer, start pl-stories in a terminal window. Or send the answers in through a pipe, each followed by a line with a single dot.\n",
	);
}

function orderOf(word: string | undefined): Order {
	if (word === undefined) return "guide";
	const order = ORDERS.find((name) => name === word.toLowerCase());
	if (order) return order;
	throw new UserError(
		`"${word}" is no order. ${didYouMean(word, ORDERS) || `Orders: ${ORDERS.join(", ")}.`}`,
	);
}

function routeOf(
	order: Question[],
	{ guide }: Located,
	only: readonly string[],
): Question[] {
	if (only.length === 0) return order;
	const wanted = new Set(select(guide, only));
	return order.filter((question) => wanted.has(question));
}

/** The notes on disk, read anew each time, so that what others write meanwhile simply appears. */
function deskOf({ path, guide }: Located, options: StartOptions): Desk {
	const file = notesFile(path, guide, {
		order: options.order,
		only: options.only,
	});
	return {
		async answers(): Promise<Answers> {
			const now = await readNotesFile(path);
			return now ? requireSound(now, guide).answers : new Map();
		},
		async save(id, answer, opened) {
			return (await saveAnswer(file, id, answer, opened)) === "both kept"
				? "both kept"
				: "saved";
		},
	};
}

/** The session's ends: signals, the draft, the editor. */
function beginSitting(
	{ path, guide }: Located,
	drafts: DraftFile,
	target: string,
	editor: string | undefined,
) {
	const leaving = new AbortController();
	let exitCode: number | undefined;
	const stop = (code: number) => {
		exitCode ??= code;
		tryFlush(drafts);
		leaving.abort();
	};
	const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
	const handlers = Object.entries(signals).map(([signal, code]) => {
		const handler = () => stop(code);
		process.once(signal, handler);
		return () => process.off(signal, handler);
	});
	const sitting: Sitting = {
		notesPath: path,
		keep: (draft, now) => (now ? drafts.keepNow(draft) : drafts.keep(draft)),
		leaving: leaving.signal,
		stop,
		async notesToRead(selectors) {
			const notes = await readNotesFile(path);
			if (selectors.length > 0)
				return printable(
					partDocument(
						guide,
						notes?.answers ?? new Map(),
						select(guide, selectors),
					),
				);
			return notes ? printable(notesDocument(notes)) : "You have no notes yet.";
		},
		edit: (text, closed) =>
			editText(
				text,
				besides(target, "edit.md"),
				chooseEditor(editor, process.env),
				closed,
			),
	};
	return {
		...sitting,
		exitCode: () => exitCode,
		end: () => handlers.forEach((off) => void off()),
	};
}

/** The face that suits who is there: lines where a screen cannot be drawn, or is not wanted. */
async function chooseFace(
	sitting: Sitting,
	accessible: boolean,
): Promise<OpenFace> {
	const { stdin, stdout, env } = process;
	const terminal = stdin.isTTY && stdout.isTTY;
	const dumb = env.TERM === "dumb";
	if (terminal && !dumb && !accessible && !isSet(env.ACCESSIBLE)) {
		const { openTerminalFace } = await import("../faces/terminal.ts");
		return openTerminalFace(stdin, stdout, sitting);
	}
	const input = stdin.isTTY
		? typedLines(stdin, stdout, dumb || !stdout.isTTY, () => sitting.stop(130))
		: pipedLines(stdin);
	sitting.leaving.addEventListener("abort", () => input.close());
	const face = linesFace(input, (text) => void stdout.write(text), sitting);
	return { ...face, close: async () => input.close() };
}

const isSet = (value: string | undefined) =>
	value !== undefined && value !== "" && value !== "0";

/**
 * What was being written when the last session broke off, taken over by this one. A draft that says no more than
 * the notes is a bookmark: it tells where the person was.
 */
function resume(
	left: LeftDraft[],
	route: readonly Question[],
	answers: Answers,
	drafts: DraftFile,
): Draft | undefined {
	let bookmark: Draft | undefined;
	for (const [i, each] of left.entries()) {
		const { draft } = each;
		const stands = answers.get(draft.question)?.text ?? "";
		const nothingNew = draft.text === stands || draft.text === draft.opened;
		if (nothingNew) {
			if (i === 0 && draft.text !== "")
				bookmark = { ...draft, opened: stands, text: stands };
			removeDraft(each);
		} else if (route.some((question) => question.id === draft.question)) {
			drafts.adopt(each);
			return draft;
		}
	}
	return bookmark;
}

/** Keeps the draft only while its words are not in the notes, or as a bookmark when one leaves in mid-answer. */
function remembering(face: OpenFace, drafts: DraftFile): Face {
	let leaving = false;
	return {
		show: (passage) => face.show(passage),
		end: (...about) => face.end(...about),
		async ask(context) {
			const reply = await face.ask(context);
			leaving = reply.then === "leave";
			return reply;
		},
		tell(news) {
			const caret = drafts.latest()?.caret ?? news.text.length;
			drafts.clear();
			if (leaving && news.what === "saved") {
				drafts.keep({
					question: news.question.id,
					opened: news.text,
					text: news.text,
					caret,
				});
				tryFlush(drafts);
			}
			face.tell(news);
		},
	};
}

function tryFlush(drafts: DraftFile): boolean {
	try {
		drafts.flush();
		return true;
	} catch {
		return false;
	}
}

/** After a failure: the words in hand are kept as a draft or, if not even that can be written, printed. */
function rescue(drafts: DraftFile): void {
	const draft = drafts.latest();
	if (!draft || draft.text === draft.opened) return;
	if (tryFlush(drafts))
		process.stderr.write(
			`What you wrote last (${words(draft.text)} words) is kept as a draft and will be there when you start again.\n`,
		);
	else
		process.stderr.write(
			`What you wrote last could not be saved anywhere. Here it is, so that you can copy it:\n\n${printable(draft.text)}\n\n`,
		);
}
