"""What a ceremony says, in Spanish."""

ROLES = {
    "operator": "operador",
    "witness": "testigo (responsable de seguridad)",
    "custodian": "custodio de claves {letter}",
}

STEPS = {
    "approval": "Autorización escrita",
    "participants": "Participantes y comprobación de identidad",
    "carriers": "Portadores y precintos",
    "generation": "Generación",
    "check-values": "Lectura en voz alta de los valores de control",
    "letters": "Cartas con los componentes",
    "sample": "Prueba con una tarjeta de muestra",
    "return": "Devolución de portadores, precintos nuevos",
    "minutes": "Acta",
}

WORDS = {
    "begin": "Paso {step} de {steps}: {title}. ¿Empezar?",
    "opening": (
        "{title} ({number}), {place}; {keys} claves. Puede pararse en cualquier paso y entonces no deja "
        "ninguna clave"
    ),
    "approval-number": "Lea el número de la autorización escrita y escríbalo ({role})",
    "approval-seen": (
        "{role}: ha visto el original, autorizado por {approver} el {date}; fin, claves y personas son los "
        "del guion"
    ),
    "person-number": (
        "{role}: {name} muestra un documento de identidad y firma el registro de la puerta; escriba el "
        "número de personal que figura en él"
    ),
    "identities": (
        "El testigo confirma: no hay nadie más en la sala, cada persona tiene una función, ningún custodio "
        "opera"
    ),
    "carrier-seal": (
        "{role} saca {name}, serie {serial}, de la caja y firma su registro; escriba el número del precinto"
    ),
    "carriers-seen": (
        "El testigo confirma: los precintos están intactos y coinciden con los registros ({count} objetos)"
    ),
    "isolated": "El testigo confirma: el puesto está aislado de redes externas y se graba en vídeo",
    "component-check": (
        "{role}: escriba el valor de control del componente {number} de {key} (el de la carta)"
    ),
    "component": (
        "{role}, a solas ante el teclado: componente {number} de {key}, {digits} cifras hexadecimales (no "
        "se muestran)"
    ),
    "component-again": "{role}: otra vez el componente {number} de {key}",
    "component-value": "{role} introdujo un componente de {key}; su valor de control es {kcv}",
    "component-wrong": "{problem}; quedan {left} intentos",
    "differ": "las dos entradas difieren",
    "not-hex": "el componente no está en cifras hexadecimales",
    "component-size": "el componente tiene {typed} cifras hexadecimales y necesita {digits}",
    "component-repeated": "el componente es un solo byte repetido; elíjalo al azar",
    "other-value": "el componente no tiene el valor de control indicado",
    "wrong-answer": "no es lo que dice el guion; compruébelo, quedan {left} intentos",
    "made": "{count} claves generadas (todavía no se ha guardado nada)",
    "check-values": "Valores de control de las claves",
    "read-aloud": "El operador lee en voz alta estos {count} valores de control; confirme al terminar",
    "written-down": "{role} confirma: los valores oídos son los de la pantalla y están anotados",
    "letter-sealed": (
        "{role}: las cartas {first} a {last} están impresas de forma legible y selladas; nadie más las vio"
    ),
    "sample-insert": (
        "El operador pone la tarjeta de muestra {cipher} en blanco en {reader}; se borra lo que contenga. "
        "Confirme"
    ),
    "sample-card": (
        "Claves diversificadas, cargadas en tarjetas de muestra y probadas; las tarjetas quedan borradas"
    ),
    "sample-simulated": (
        "Tarjetas de muestra SIMULADAS, sin chip real: claves diversificadas, cargadas y probadas"
    ),
    "sample-none": "No se probó ninguna tarjeta de muestra, porque: {reason}",
    "sample-number": "tarjeta",
    "sample-keys": "claves",
    "seen-card": ("El testigo confirma el resultado; las tarjetas de muestra están borradas y se anularán"),
    "seen-simulated": "El testigo confirma el resultado; la tarjeta de muestra fue simulada",
    "seen-none": ("El testigo confirma que no se probó ninguna tarjeta de muestra, por el motivo indicado"),
    "new-seal": ("{role} devuelve {name}, serie {serial}, a su caja: escriba el número de su precinto nuevo"),
    "seal-again": "debe ser un precinto nuevo: ni el número antiguo ni uno usado ahora mismo",
    "returned": (
        "El testigo confirma: todos los portadores están devueltos y los custodios firmaron los registros"
    ),
    "agree": "{role} {name}: el acta es cierta, las claves pueden guardarse",
    "done": "Terminada. Firme este hash final en papel: {head}",
    "role": "función",
    "key": "clave",
    "version": "versión",
    "algorithm": "algoritmo",
    "value": "valor de control",
    "source": "origen",
    "components": "componentes",
    "device": "dispositivo",
}
