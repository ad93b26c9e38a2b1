"""The customers' side: web API, event stream, widget and demo page. It reaches Rasa over HTTP."""
