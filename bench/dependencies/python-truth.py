"""The oracle for Python: CPython's own `ast`, and a resolver over the tracked files. Prints {files, imports, definitions} as JSON.
python3 python-truth.py REPOSITORY"""
import ast, json, os, subprocess, sys

root = sys.argv[1]
tracked = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout.decode().split("\0")
files = {path for path in tracked if path.endswith((".py", ".pyi"))}
folders = {os.path.dirname(path) for path in files}
roots = ["", "src", "lib", "python"]


def module_file(module):
    for path in (f"{module}/__init__.py" if module else "__init__.py", f"{module}.py", f"{module}.pyi"):
        if path in files:
            return path
    return None


def absolute(name, own):
    module = name.replace(".", "/")
    for base in [own, *roots]:
        path = f"{base}/{module}" if base else module
        if module_file(path) or path in folders:
            return path
    return None


def package_root(path):
    folder = os.path.dirname(path)
    while folder and f"{folder}/__init__.py" in files:
        folder = os.path.dirname(folder)
    return folder


parsed, bound, defined = {}, {}, {}
for path in sorted(files):
    try:
        with open(os.path.join(root, path), "rb") as handle:
            parsed[path] = ast.parse(handle.read())
    except (SyntaxError, ValueError, RecursionError, OSError):
        continue
    names, imports = set(), set()
    for node in parsed[path].body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
    for node in ast.walk(parsed[path]):
        if isinstance(node, ast.ImportFrom):
            imports.update(alias.asname or alias.name for alias in node.names)
    defined[path], bound[path] = names, imports

edges, definitions = set(), []
for path, tree in parsed.items():
    stack = [(tree, "")]
    while stack:
        node, prefix = stack.pop()
        for child in ast.iter_child_nodes(node):
            inner = prefix
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                inner = f"{prefix}.{child.name}" if prefix else child.name
                definitions.append([path, inner, child.lineno])
            stack.append((child, inner))
            if isinstance(child, ast.Import):
                for alias in child.names:
                    module = absolute(alias.name, package_root(path))
                    target = module is not None and module_file(module)
                    if target and target != path:
                        edges.add((path, target))
            elif isinstance(child, ast.ImportFrom):
                if child.level:
                    base = os.path.dirname(path)
                    for _ in range(child.level - 1):
                        base = os.path.dirname(base)
                    module = "/".join(part for part in (base, (child.module or "").replace(".", "/")) if part)
                else:
                    module = absolute(child.module, package_root(path))
                if module is None:
                    continue
                for alias in child.names:
                    package = module_file(module)
                    sub = module_file(f"{module}/{alias.name}" if module else alias.name) if alias.name != "*" else None
                    known = package and alias.name in defined.get(package, ())
                    target = sub if sub and not known else package
                    if target and target != path:
                        edges.add((path, target))
json.dump({"files": sorted(parsed), "imports": sorted(edges), "definitions": definitions}, sys.stdout)
