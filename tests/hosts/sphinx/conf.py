project = "A site"
html_theme = "alabaster"
html_theme_options = {"sidebar_collapse": "true"}
html_static_path = ["_static"]
html_js_files = [("unrolled-element.js", {"type": "module"})]
html_copy_source = False
exclude_patterns = ["_build"]
