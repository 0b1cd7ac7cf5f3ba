"""Prints MODULE.Class.test of every test in a file, for CTest."""
import ast, os, sys

with open(sys.argv[1]) as f:
    tree = ast.parse(f.read())
module = os.path.basename(sys.argv[1])[:-3]
for node in tree.body:
    if isinstance(node, ast.ClassDef):
        for item in node.body:
            if isinstance(item, ast.FunctionDef) and item.name.startswith("test_"):
                print("%s.%s.%s" % (module, node.name, item.name))
