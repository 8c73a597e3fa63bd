// node tools/pinned-python.mjs RUNTIME SCRIPT FOLDER [ARGUMENT…]: run a Python script on CPython of
// that runtime's version, built for WebAssembly and pinned in package.json. It sees FOLDER, under
// that name, and its own standard library.
//
// A Python installed on this machine may be of another version, whose bytecode Lambda cannot use; and
// even one of the same version differs from the next machine's in details of its bytecode and of its
// compression. This one is the same everywhere, and so are the bytes that it writes.
import { readFileSync } from "node:fs";
import process from "node:process";

const [runtime, script, folder, ...rest] = process.argv.slice(2);
const { loadPyodide } = await import(runtime);
const python = await loadPyodide({ env: { HOME: "/", PYTHONHASHSEED: "0" } });
python.FS.mkdirTree(folder);
python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, folder);
python.globals.set("arguments", python.toPy([script, ...rest]));
python.runPython("import sys; sys.argv = arguments");
try {
  python.runPython(readFileSync(script, "utf8"), { filename: script });
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
